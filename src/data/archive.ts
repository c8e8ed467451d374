import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Archive } from './catalogue.js';
import { blocksOf } from './files.js';

/** A published archive beside the folder it unpacks to. */
export interface ArchiveReport extends Archive {
  /** `whole`: its checksum is the published one. */
  state: 'whole' | 'differs' | 'absent';
}

export function checkArchive(dataRoot: string, { file, md5 }: Archive): ArchiveReport {
  const archive = path.join(dataRoot, file);
  if (!existsSync(archive)) return { file, md5, state: 'absent' };
  const hash = createHash('md5');
  for (const block of blocksOf(archive, 1 << 20)) hash.update(block);
  return { file, md5, state: hash.digest('hex') === md5 ? 'whole' : 'differs' };
}
