/** How a trial reads its data: the label in the `storage` column. */
export type StorageMode = 'NVME' | 'SSD';

export const storageModes: readonly StorageMode[] = ['NVME', 'SSD'];

/** `orion.md`, section 1: batches that each worker prepares ahead. */
export const prefetchPerWorker: Record<StorageMode, number> = { NVME: 2, SSD: 1 };

/** Mode SSD reads each file in chunks of this size, past the page cache. */
export const uncachedChunkBytes = 256 * 1024;
