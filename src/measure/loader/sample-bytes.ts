import { readFileSync } from 'node:fs';
import { native } from '../../base/native.js';
import { memoryRecord, type TrainingSet } from '../../data/training-set.js';
import { type StorageMode, uncachedChunkBytes } from '../storage-mode.js';

/** Fetches the stored bytes of sample `index`. */
export type SampleBytes = (index: number) => Promise<Uint8Array> | Uint8Array;

/**
 * Mode NVME reads a sample's file in the ordinary way; mode SSD reads it past the page cache, in chunks. Samples held in
 * memory are the same in both.
 */
export function sampleBytes(set: TrainingSet, mode: StorageMode): SampleBytes {
  const { content } = set;
  if (content.stored === 'memory') return (index) => memoryRecord(content, index);
  if (mode === 'NVME') return (index) => readFileSync(content.paths[index]!);
  const { storage } = native('Storage mode SSD');
  return (index) => storage.readFile(content.paths[index]!, { chunkBytes: uncachedChunkBytes, dropCache: true });
}
