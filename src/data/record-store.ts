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
    this.#append(payload);
    this.#offsets.push(this.#end);
  }

  /** A sample of a text file: its parts, joined by newlines, and the line at which it begins. */
  addText(line: number, first: Uint8Array, second?: Uint8Array): void {
    this.#append(first);
    if (second) {
      this.#bytes[this.#end++] = 0x0a;
      this.#append(second);
    }
    this.#offsets.push(this.#end);
    this.#lines.push(line);
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

  #append(payload: Uint8Array): void {
    this.#bytes.set(payload, this.#end);
    this.#end += payload.length;
  }
}

export function sharedUint32(values: readonly number[]): Uint32Array {
  const shared = new Uint32Array(new SharedArrayBuffer(values.length * Uint32Array.BYTES_PER_ELEMENT));
  shared.set(values);
  return shared;
}
