import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { InputError, messageOf } from '../base/errors.js';

/** Reading the files of a data set; what the system refuses becomes an InputError that names the file. */

const chunkBytes = 4 << 20;

/** The names in a folder, sorted. */
export function namesIn(folder: string): string[] {
  return reading(folder, () => readdirSync(folder).sort());
}

export function fileBytes(file: string): number {
  return reading(file, () => statSync(file).size);
}

/**
 * The records of a file in blocks of fixed size, the last one shorter where the file is cut. A block is valid until the
 * next one is taken.
 */
export function* blocksOf(file: string, blockBytes: number): Generator<Buffer, void> {
  const perRead = Math.max(1, Math.floor(chunkBytes / blockBytes));
  const chunk = Buffer.allocUnsafe(perRead * blockBytes);
  const descriptor = reading(file, () => openSync(file, 'r'));
  try {
    for (;;) {
      let filled = 0;
      for (let read = 1; read > 0 && filled < chunk.length; filled += read) {
        read = reading(file, () => readSync(descriptor, chunk, filled, chunk.length - filled, null));
      }
      for (let start = 0; start < filled; start += blockBytes) {
        yield chunk.subarray(start, Math.min(start + blockBytes, filled));
      }
      if (filled < chunk.length) return;
    }
  } finally {
    closeSync(descriptor);
  }
}

/** What `read` returns; where the system refuses, an InputError that names `target`. */
export function reading<Result>(target: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw new InputError(`${target} cannot be read (${refusalOf(error)}).`, { cause: error });
  }
}

/** The system's reason. Its message repeats the call and the path: 'EACCES: permission denied, open ...'. */
export const refusalOf = (error: unknown): string => messageOf(error).split(', ')[0]!;
