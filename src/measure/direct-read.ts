import { closeSync, constants, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from '../base/errors.js';

/** Why files in `folder` cannot be read past the page cache (O_DIRECT); null where they can. */
export function directReadProblem(folder: string): string | null {
  let scratch: string | undefined;
  try {
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
