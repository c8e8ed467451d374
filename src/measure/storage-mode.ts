import type { ReadPolicy } from '../base/native.js';

/**
 * How a trial reads its data: the label in the `storage` column.
 *
 * - `NVME`: in the ordinary way, from wherever the bytes are (`orion.md`, section 1).
 * - `SSD`: uncached, in chunks, one sample of a worker after the other (`orion.md`, section 1).
 * - `cold`: in the ordinary way, but nothing is in the page cache before the trial, and what was read leaves it again: every
 *   sample comes from the device.
 * - `cached`: in the ordinary way, and everything is in the page cache before the trial.
 */
export type StorageMode = 'NVME' | 'SSD' | 'cold' | 'cached';

export const storageModes: readonly StorageMode[] = ['NVME', 'SSD', 'cold', 'cached'];

/** The modes of `orion.md`, which sweeps take unless others are asked for. */
export const publishedStorageModes: readonly StorageMode[] = ['NVME', 'SSD'];

/** Batches that each worker prepares ahead; of NVME and SSD as `orion.md`, section 1 has it. */
export const prefetchPerWorker: Record<StorageMode, number> = { NVME: 2, SSD: 1, cold: 2, cached: 2 };

/** Mode SSD reads in chunks of this size. */
export const uncachedChunkBytes = 256 * 1024;

/** More than any sample has: it is read in one go. */
const wholeSampleBytes = 2 ** 30;

const ordinary: ReadPolicy = {
  chunkBytes: wholeSampleBytes,
  readsAhead: true,
  exact: false,
  dropsBefore: false,
  dropsAfter: false,
};

export const readPolicies: Record<StorageMode, ReadPolicy> = {
  NVME: ordinary,
  cached: ordinary,
  // Exact, so that no sample comes along with its neighbour in a large file and stays.
  cold: { ...ordinary, exact: true, dropsAfter: true },
  SSD: { chunkBytes: uncachedChunkBytes, readsAhead: false, exact: true, dropsBefore: true, dropsAfter: true },
};

/** Modes in which samples come from the device, also those of sets that are held in memory otherwise. */
export const readsDevice = (mode: StorageMode): boolean => readPolicies[mode].dropsAfter;
