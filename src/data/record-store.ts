import { sharedFloat64, sharedUint32 } from './ranges.js';
import type { MemorySamples } from './training-set.js';

/** Where a payload comes from. */
interface Place {
  /** Which of the files. */
  file: number;
  /** Its first byte there. */
  start: number;
  /** Of a text, the line at which it begins, from 1. */
  line?: number;
}

/** Collects the payloads of samples in memory that threads can share. */
export class RecordStore {
  readonly #bytes: Uint8Array;
  readonly #offsets: number[] = [0];
  readonly #files: number[] = [];
  readonly #starts: number[] = [];
  readonly #lines: number[] = [];
  #end = 0;

  /** @param capacityBytes at least the bytes of all payloads together */
  constructor(capacityBytes: number) {
    this.#bytes = new Uint8Array(new SharedArrayBuffer(capacityBytes));
  }

  get samples(): number {
    return this.#files.length;
  }

  add(payload: Uint8Array, { file, start, line }: Place): void {
    this.#bytes.set(payload, this.#end);
    this.#end += payload.length;
    this.#offsets.push(this.#end);
    this.#files.push(file);
    this.#starts.push(start);
    if (line !== undefined) this.#lines.push(line);
  }

  /** @param paths the files that the samples came from */
  finish(paths: readonly string[]): MemorySamples {
    return {
      stored: 'memory',
      paths,
      records: this.#bytes.subarray(0, this.#end),
      offsets: sharedUint32(this.#offsets),
      files: sharedUint32(this.#files),
      starts: sharedFloat64(this.#starts),
      lines: this.#lines.length > 0 ? sharedUint32(this.#lines) : null,
    };
  }
}
