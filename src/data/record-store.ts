import { sharedUint32 } from './ranges.js';
import type { MemorySamples } from './training-set.js';

/** Collects the payloads of samples in memory that threads can share. */
export class RecordStore {
  readonly #bytes: Uint8Array;
  readonly #offsets: number[] = [0];
  readonly #lines: number[] = [];
  #end = 0;

  /** @param capacityBytes at least the bytes of all payloads together */
  constructor(capacityBytes: number) {
    this.#bytes = new Uint8Array(new SharedArrayBuffer(capacityBytes));
  }

  get samples(): number {
    return this.#offsets.length - 1;
  }

  /** Room for a payload of so many bytes, to be filled by the caller. */
  reserve(bytes: number): Uint8Array {
    const start = this.#end;
    this.#end += bytes;
    this.#offsets.push(this.#end);
    return this.#bytes.subarray(start, this.#end);
  }

  add(payload: Uint8Array): void {
    this.reserve(payload.length).set(payload);
  }

  /** A text, and the line at which it begins. */
  addLine(line: number, text: Uint8Array): void {
    this.#lines.push(line);
    this.add(text);
  }

  /** @param paths the files that the samples came from */
  finish(paths: readonly string[]): MemorySamples {
    return {
      stored: 'memory',
      paths,
      records: this.#bytes.subarray(0, this.#end),
      offsets: sharedUint32(this.#offsets),
      lines: this.#lines.length > 0 ? sharedUint32(this.#lines) : null,
    };
  }
}
