import { closeSync, fsyncSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import path from 'node:path';
import { InputError, messageOf } from '../base/errors.js';
import { MersenneTwister } from '../base/random.js';

/** Room that is left free on the file system, beyond the scratch file itself. */
const spareBytes = 256 * 2 ** 20;
const pieceBytes = 2 ** 20;

/**
 * Runs `use` on a file of random bytes made in `folder`, which is removed on every way out of the
 * process that runs its exit handlers (the command line turns signals into such an exit).
 * @throws InputError where the folder cannot be written or has no room.
 */
export async function withScratchFile<T>(folder: string, bytes: number, use: (file: string) => Promise<T>): Promise<T> {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < bytes + spareBytes) {
    throw new InputError(
      `${folder} has ${Math.floor((bavail * bsize) / 2 ** 20)} MiB free, too little for a ${bytes / 2 ** 20} MiB test file with room to spare: name a folder on a file system with more space.`,
    );
  }
  const file = path.join(folder, `.orion-bench-scratch-${process.pid}`);
  const remove = () => rmSync(file, { force: true });
  process.once('exit', remove);
  try {
    fill(file, bytes);
    return await use(file);
  } finally {
    remove();
    process.removeListener('exit', remove);
  }
}

/** Random content, so that neither compression nor zero detection can serve the reads. */
function fill(file: string, bytes: number): void {
  const random = new MersenneTwister(bytes % 2 ** 32);
  const piece = new Uint32Array(pieceBytes / 4);
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, 'wx', 0o600);
    for (let i = 0; i < piece.length; i++) piece[i] = random.uint32();
    for (let written = 0; written < bytes; written += pieceBytes) {
      piece[0] = written / pieceBytes; // no two pieces alike
      writeSync(descriptor, new Uint8Array(piece.buffer, 0, Math.min(pieceBytes, bytes - written)));
    }
    fsyncSync(descriptor);
  } catch (error) {
    throw new InputError(`The test file ${file} could not be written: ${messageOf(error)}.`, {
      cause: error,
      code: 'IO',
    });
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
