import { native } from '../../base/native.js';
import { storedBytes, type TrainingSet } from '../../data/training-set.js';
import { type StorageMode, uncachedChunkBytes } from '../storage-mode.js';
import type { LoaderTotals } from './totals.js';

/** Fetches the stored bytes of sample `index`. */
export type SampleBytes = (index: number) => Promise<Uint8Array> | Uint8Array;

/**
 * Modes NVME and cached read a sample's file in the ordinary way; SSD and cold leave nothing of it in the page cache.
 * What comes from files is added to `totals.bytesRead`.
 */
export function sampleBytes(set: TrainingSet, mode: StorageMode, totals: Pick<LoaderTotals, 'bytesRead'>): SampleBytes {
  const { content } = set;
  if (content.stored === 'memory') return (index) => storedBytes(set, index);
  const counted = (bytes: Uint8Array) => {
    totals.bytesRead += bytes.length;
    return bytes;
  };
  if (content.stored !== 'files' || mode === 'NVME' || mode === 'cached') {
    return (index) => counted(storedBytes(set, index));
  }
  const { storage } = native(`Storage mode ${mode}`);
  return async (index) =>
    counted(await storage.readFile(content.paths[index]!, { chunkBytes: uncachedChunkBytes, dropCache: true }));
}
