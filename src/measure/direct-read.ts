import { closeSync, constants, mkdtempSync, openSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from '../base/errors.js';

/** TMPFS_MAGIC and RAMFS_MAGIC of linux/magic.h. */
const memoryFileSystems = [0x01021994, 0x858458f6];

/** Why files in `folder` cannot be read past the page cache (O_DIRECT); null where they can. */
export function directReadProblem(folder: string): string | null {
  let scratch: string | undefined;
  try {
    // Linux 6.6 and later accept O_DIRECT there, and serve the reads from memory all the same.
    if (memoryFileSystems.includes(statfsSync(folder).type)) return `${folder} lies in memory (tmpfs)`;
    scratch = mkdtempSync(path.join(folder, '.orion-bench-probe-'));
    const file = path.join(scratch, 'probe');
    writeFileSync(file, Buffer.alloc(8192));
    closeSync(openSync(file, constants.O_RDONLY | constants.O_DIRECT));
    return null;
  } catch (error) {
    return messageOf(error);
  } finally {
    if (scratch) rmSync(scratch, { recursive: true, force: true });
  }
}
