import { closeSync, openSync, readSync } from 'node:fs';

/** Samples that are ranges of large files, which are indexed when the set is opened and read sample by sample. */
export interface RangeSamples {
  readonly stored: 'ranges';
  /** The files; every sample has a range of each. What comes before the first range is the file's header. */
  readonly paths: readonly string[];
  /** [samples, files]: first byte of each range; backed by a SharedArrayBuffer. */
  readonly starts: Float64Array;
  /** [samples, files]: bytes of each range; backed by a SharedArrayBuffer. */
  readonly lengths: Uint32Array;
  /** [samples]: line of the first file at which the sample begins, from 1; backed by a SharedArrayBuffer. */
  readonly lines: Uint32Array;
}

/** Collects the ranges of samples. */
export class RangeIndex {
  readonly #starts: number[] = [];
  readonly #lengths: number[] = [];
  readonly #lines: number[] = [];

  get samples(): number {
    return this.#lines.length;
  }

  /** Begins a sample at a line of the first file; `range` follows for each file. */
  begin(line: number): void {
    this.#lines.push(line);
  }

  range(start: number, length: number): void {
    this.#starts.push(start);
    this.#lengths.push(length);
  }

  finish(paths: readonly string[]): RangeSamples {
    return {
      stored: 'ranges',
      paths,
      starts: sharedFloat64(this.#starts),
      lengths: sharedUint32(this.#lengths),
      lines: sharedUint32(this.#lines),
    };
  }
}

/** Values that worker threads can share. */
export function sharedUint32(values: readonly number[]): Uint32Array {
  const shared = new Uint32Array(new SharedArrayBuffer(values.length * Uint32Array.BYTES_PER_ELEMENT));
  shared.set(values);
  return shared;
}

export function sharedFloat64(values: readonly number[]): Float64Array {
  const shared = new Float64Array(new SharedArrayBuffer(values.length * Float64Array.BYTES_PER_ELEMENT));
  shared.set(values);
  return shared;
}

/** The bytes of sample `index`: its ranges, joined by newlines. */
export function readRanges(content: RangeSamples, index: number): Uint8Array {
  const { paths, starts, lengths } = content;
  const descriptors = descriptorsOf(content);
  const first = index * paths.length;
  let bytes = paths.length - 1;
  for (let file = 0; file < paths.length; file++) bytes += lengths[first + file]!;
  const payload = new Uint8Array(bytes).fill(newline);
  let offset = 0;
  for (let file = 0; file < paths.length; file++) {
    const length = lengths[first + file]!;
    const read = readSync(descriptors[file]!, payload, offset, length, starts[first + file]!);
    if (read < length) throw new Error(`${paths[file]} has become shorter`);
    offset += length + 1;
  }
  return payload;
}

/** What comes before the first sample in the first file. */
export function readHeader(content: RangeSamples): Uint8Array {
  const header = new Uint8Array(content.starts[0]!);
  readSync(descriptorsOf(content)[0]!, header, 0, header.length, 0);
  return header;
}

const newline = 0x0a;

/** Files that this thread has opened; they are closed when nothing refers to the set any more. */
const opened = new WeakMap<RangeSamples, readonly number[]>();
const forgotten = new FinalizationRegistry<readonly number[]>((descriptors) => {
  for (const descriptor of descriptors) closeSync(descriptor);
});

function descriptorsOf(content: RangeSamples): readonly number[] {
  let descriptors = opened.get(content);
  if (!descriptors) {
    descriptors = content.paths.map((file) => openSync(file, 'r'));
    opened.set(content, descriptors);
    forgotten.register(content, descriptors);
  }
  return descriptors;
}
