import { native } from '../../base/native.js';
import { storedBytes, type TrainingSet } from '../../data/training-set.js';
import { type StorageMode, uncachedChunkBytes } from '../storage-mode.js';

/** Fetches the stored bytes of sample `index`. */
export type SampleBytes = (index: number) => Promise<Uint8Array> | Uint8Array;

/**
 * Mode NVME reads a sample's file in the ordinary way; mode SSD reads it past the page cache, in chunks. Samples that have
 * no file of their own are read alike in both.
 */
export function sampleBytes(set: TrainingSet, mode: StorageMode): SampleBytes {
  const { content } = set;
  if (content.stored !== 'files' || mode === 'NVME') return (index) => storedBytes(set, index);
  const { storage } = native('Storage mode SSD');
  return (index) => storage.readFile(content.paths[index]!, { chunkBytes: uncachedChunkBytes, dropCache: true });
}
