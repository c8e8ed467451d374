import { closeSync, fsyncSync, openSync, statfsSync, unlinkSync, writeSync } from 'node:fs';
import path from 'node:path';
import { InputError, messageOf } from '../base/errors.js';
import { MersenneTwister } from '../base/random.js';

/** Room that is left free on the file system, beyond the scratch file itself. */
const spareBytes = 256 * 2 ** 20;
const pieceBytes = 2 ** 20;

export interface ScratchFile {
  /** Opens the file for whoever may look into this process; gone with `remove` and with the process. */
  file: string;
  /** Frees the file's space; a second call does nothing. */
  remove(): void;
}

/**
 * Makes a file of random bytes in `folder`. It loses its name before it is filled, so that nothing of it is left
 * however the process ends.
 * @throws InputError where the folder cannot be written or has no room.
 */
export function makeScratchFile(folder: string, bytes: number): ScratchFile {
  requireRoom(folder, bytes);
  let descriptor: number | null = openUnnamed(folder);
  const remove = () => {
    if (descriptor !== null) closeSync(descriptor);
    descriptor = null;
  };
  try {
    fill(descriptor, bytes);
  } catch (error) {
    remove();
    throw new InputError(
      `A test file of ${bytes / 2 ** 20} MiB in ${folder} could not be written: ${messageOf(error)}.`,
      { cause: error, code: 'IO' },
    );
  }
  return { file: `/proc/${process.pid}/fd/${descriptor}`, remove };
}

/** Runs `use` on a scratch file, which is gone afterwards. */
export async function withScratchFile<T>(folder: string, bytes: number, use: (file: string) => Promise<T>): Promise<T> {
  const { file, remove } = makeScratchFile(folder, bytes);
  try {
    return await use(file);
  } finally {
    remove();
  }
}

function requireRoom(folder: string, bytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize >= bytes + spareBytes) return;
  throw new InputError(
    `${folder} has ${Math.floor((bavail * bsize) / 2 ** 20)} MiB free, too little for a ${bytes / 2 ** 20} MiB test file with room to spare: name a folder on a file system with more space.`,
  );
}

/** A new file that has no name any more. */
function openUnnamed(folder: string): number {
  const file = path.join(folder, `.orion-bench-scratch-${process.pid}`);
  try {
    const descriptor = openSync(file, 'wx', 0o600);
    unlinkSync(file);
    return descriptor;
  } catch (error) {
    throw new InputError(`No test file can be made in ${folder}: ${messageOf(error)}.`, { cause: error, code: 'IO' });
  }
}

/** Random content of which no two blocks are alike, so that no compression or deduplication can serve the reads. */
function fill(descriptor: number, bytes: number): void {
  const random = new MersenneTwister(bytes % 2 ** 32);
  const base = Uint32Array.from({ length: pieceBytes / 4 }, () => random.uint32());
  const piece = new Uint32Array(base.length);
  for (let written = 0; written < bytes; written += pieceBytes) {
    const mask = random.uint32();
    for (let i = 0; i < piece.length; i++) piece[i] = base[i]! ^ mask;
    writeWhole(descriptor, new Uint8Array(piece.buffer, 0, Math.min(pieceBytes, bytes - written)));
  }
  fsyncSync(descriptor);
}

/** A file system that is nearly full may take a part. */
function writeWhole(descriptor: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
}
