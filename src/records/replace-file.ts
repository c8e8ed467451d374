import { open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { InputError, messageOf } from '../base/errors.js';

const remedies: Record<string, string> = {
  ENOSPC: 'the disk is full: free some space or choose another folder with --out',
  EDQUOT: 'the disk quota is used up: free some space or choose another folder with --out',
  EACCES: 'the folder is not writable: choose another with --out',
  EPERM: 'the folder is not writable: choose another with --out',
  EROFS: 'the file system is read-only: choose another folder with --out',
  ENOENT: 'its folder does not exist: create it or choose another with --out',
  ENOTDIR: 'its folder is a file: choose another with --out',
  EISDIR: 'a folder of that name is there: choose another with --out',
};

/** One sentence for a failed write. */
export function writeFailure(file: string, error: unknown): InputError {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return new InputError(`${file} cannot be written: ${remedies[code] ?? messageOf(error)}.`, {
    code: 'IO',
    cause: error,
  });
}

const ofSystem = (error: unknown): boolean => (error as NodeJS.ErrnoException).syscall !== undefined;

const temporaryName = (file: string, writer: number | string): string => `.${path.basename(file)}.${writer}.tmp`;

/** Removes the temporary files that killed processes left beside a file. Nobody may be writing it. */
export async function removeLeftovers(file: string): Promise<void> {
  const folder = path.dirname(file);
  const [before, after] = temporaryName(file, '\n').split('\n') as [string, string];
  const isLeftover = (name: string) =>
    name.startsWith(before) && name.endsWith(after) && /^\d+$/.test(name.slice(before.length, -after.length));
  const leftovers = (await readdir(folder)).filter(isLeftover);
  await Promise.all(leftovers.map((name) => rm(path.join(folder, name), { force: true })));
}

/**
 * Writes a file whole or not at all: to a temporary file in the same folder, flushed to the device, then renamed over
 * the old one. Throws InputError (code IO) if the folder cannot be written or the disk is full, and whatever the making of
 * `contents` throws.
 */
export async function replaceFile(file: string, contents: string | Uint8Array | AsyncIterable<string>): Promise<void> {
  const temporary = path.join(path.dirname(file), temporaryName(file, process.pid));
  try {
    const handle = await open(temporary, 'w');
    try {
      await writeFile(handle, contents);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw ofSystem(error) ? writeFailure(file, error) : error;
  }
}
