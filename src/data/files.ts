import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { InputError, messageOf } from '../base/errors.js';

/** Reading the files of a data set; what the system refuses becomes an InputError that names the file. */

const chunkBytes = 4 << 20;
const newline = 0x0a;
const carriageReturn = 0x0d;

/** The names in a folder, sorted. */
export function namesIn(folder: string): string[] {
  return reading(folder, () => readdirSync(folder).sort());
}

export function fileBytes(file: string): number {
  return reading(file, () => statSync(file).size);
}

/** A whole file in memory that threads can share; it never becomes a string, which may not be as long. */
export function readShared(file: string): Uint8Array {
  return withFile(file, (descriptor) => {
    const content = new Uint8Array(new SharedArrayBuffer(fstatSync(descriptor).size));
    for (let filled = 0; filled < content.length; ) {
      const read = readSync(descriptor, content, filled, Math.min(64 << 20, content.length - filled), null);
      if (read === 0) throw new Error('it became shorter while it was read');
      filled += read;
    }
    return content;
  });
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

/** The lines of a file without their ends (LF or CRLF). A line is valid until the next one is taken. */
export function* linesOf(file: string): Generator<Buffer, void> {
  const descriptor = reading(file, () => openSync(file, 'r'));
  try {
    let chunk = Buffer.allocUnsafe(chunkBytes);
    let held = 0;
    for (;;) {
      if (held === chunk.length) chunk = Buffer.concat([chunk], 2 * chunk.length);
      const read = reading(file, () => readSync(descriptor, chunk, held, chunk.length - held, null));
      const filled = chunk.subarray(0, held + read);
      let start = 0;
      for (let end = filled.indexOf(newline); end >= 0; end = filled.indexOf(newline, start)) {
        yield withoutCarriageReturn(filled.subarray(start, end));
        start = end + 1;
      }
      if (read === 0) {
        if (held > 0) yield withoutCarriageReturn(filled);
        return;
      }
      held = filled.length - start;
      chunk.copyWithin(0, start, filled.length);
    }
  } finally {
    closeSync(descriptor);
  }
}

function withoutCarriageReturn(line: Buffer): Buffer {
  return line[line.length - 1] === carriageReturn ? line.subarray(0, -1) : line;
}

function withFile<Result>(file: string, use: (descriptor: number) => Result): Result {
  return reading(file, () => {
    const descriptor = openSync(file, 'r');
    try {
      return use(descriptor);
    } finally {
      closeSync(descriptor);
    }
  });
}

function reading<Result>(target: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    // The system's message repeats the call and the path: 'EACCES: permission denied, open ...'.
    throw new InputError(`${target} cannot be read (${messageOf(error).split(', ')[0]}).`, { cause: error });
  }
}
