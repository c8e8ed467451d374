import { Buffer, isAscii } from 'node:buffer';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { TextDecoder } from 'node:util';
import { InputError, messageOf } from '../base/errors.js';

/** Of a read, and so of a text: strings beyond 128 KiB cost the garbage collector more. */
const pieceBytes = 2 ** 16;

const lastAscii = 0x7f;

const failures: Record<string, string> = {
  ENOENT: 'does not exist: give the path of a records file',
  ENOTDIR: 'does not exist: a part of its path is a file, not a folder',
  EACCES: 'may not be read: check its permissions',
  EISDIR: 'is a folder: name the CSV file in it',
};

export function unreadable(file: string, error: unknown): InputError {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return new InputError(`${file} ${failures[code] ?? `cannot be read (${messageOf(error)})`}.`, { cause: error });
}

/** Without O_NONBLOCK the opening of a pipe that nobody writes to would wait for ever. */
export async function openRegular(file: string): Promise<FileHandle> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: unknown) => {
    throw unreadable(file, error);
  });
  const facts = await handle.stat();
  if (facts.isFile()) return handle;
  await handle.close();
  if (facts.isDirectory()) throw unreadable(file, { code: 'EISDIR' });
  throw new InputError(`${file} is a pipe or a device: write what it gives to a file first, and name that.`);
}

/**
 * By the byte order mark, or else by where the zero bytes of ASCII characters lie: a header line is mostly ASCII, and
 * text in UTF-8 has no zero byte.
 */
export function encodingOf(beginning: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  const [first, second] = beginning;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  const pairs = Math.min(beginning.length >> 1, 512);
  const zeros = [0, 0];
  for (let index = 0; index < 2 * pairs; index++) if (beginning[index] === 0) zeros[index & 1]!++;
  const [even, odd] = zeros as [number, number];
  if (odd > 0.7 * pairs && even < 0.3 * pairs) return 'utf-16le';
  if (even > 0.7 * pairs && odd < 0.3 * pairs) return 'utf-16be';
  return 'utf-8';
}

/** Turns bytes of a file into text, ASCII several times as fast as TextDecoder does when it is fed piece by piece. */
export class TextMaker {
  readonly #decoder: TextDecoder;
  #holdsBeginning = false;

  constructor(beginning: Uint8Array) {
    // a mark that comes later in the file is text
    this.#decoder = new TextDecoder(encodingOf(beginning), { ignoreBOM: true });
  }

  push(bytes: Uint8Array): string {
    if (this.#decoder.encoding === 'utf-8' && !this.#holdsBeginning && isAscii(bytes)) {
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
    }
    this.#holdsBeginning = bytes.at(-1)! > lastAscii;
    return this.#decoder.decode(bytes, { stream: true });
  }

  end(): string {
    return this.#decoder.decode();
  }
}

/**
 * The text of a regular file, piece by piece: UTF-8 or UTF-16, with or without a byte order mark, which is left out.
 * What is not valid in that encoding becomes U+FFFD. Throws InputError for what is not there, not readable or not a file.
 */
export async function* textOf(file: string): AsyncGenerator<string> {
  const handle = await openRegular(file);
  try {
    const buffer = new Uint8Array(pieceBytes);
    let maker: TextMaker | undefined;
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, pieceBytes, null);
      if (bytesRead === 0) break;
      const bytes = buffer.subarray(0, bytesRead);
      const isFirst = maker === undefined;
      maker ??= new TextMaker(bytes);
      const text = maker.push(bytes);
      yield isFirst && text.startsWith('\ufeff') ? text.slice(1) : text;
    }
    if (maker) yield maker.end();
  } catch (error) {
    throw unreadable(file, error);
  } finally {
    await handle.close();
  }
}
