import { readFile } from 'node:fs/promises';
import { native } from '../base/native.js';
import type { TrainingSet } from '../data/training-set.js';
import { type StorageMode, uncachedChunkBytes } from './storage-mode.js';

/**
 * Brings the page cache into the state in which a trial in this mode begins: with `cold` nothing of the samples is in it,
 * with `cached` all of them are. Call it before the loader starts, and not while one runs.
 * @param samples those that the trial will read; all where it is not given
 */
export async function prepareStorage(set: TrainingSet, mode: StorageMode, samples?: Uint32Array): Promise<void> {
  if (mode === 'NVME' || mode === 'SSD') return;
  for (const file of filesOf(set, samples)) {
    if (mode === 'cached') await readFile(file);
    else await native('Storage mode cold').storage.readFile(file, { chunkBytes: uncachedChunkBytes, dropCache: true });
  }
}

function filesOf({ content }: TrainingSet, samples: Uint32Array | undefined): readonly string[] {
  if (content.stored !== 'files' || !samples) return content.paths;
  return Array.from(samples, (sample) => content.paths[sample]!);
}
