import { existsSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '#src/base/package.js';

/** A folder of reference data beside the checkout, or the reason why it is not there. */
export function sharedFolder(
  name: 'parity' | 'data' | 'reference',
): { folder: string; skip: false } | { folder: null; skip: string } {
  const folder = path.join(packageRoot, '..', 'shared', name);
  return existsSync(folder)
    ? { folder, skip: false }
    : { folder: null, skip: `../shared/${name} is not beside this checkout` };
}
