// What is loaded: name -> the files, the size that they are prepared at, and how the peer decodes them.

const workerCounts = [1, 2];

/**
 * `draft`: the peer asks PIL's JPEG decoder for a reduced size before it resizes (`Image.draft`), which torchvision's
 * transforms do not do.
 */
const kinds = {
  '500x375-to-64': { files: 'large', size: 64, draft: false },
  '500x375-to-64-draft': { files: 'large', size: 64, draft: true },
  '64-to-64': { files: 'small', size: 64, draft: false },
  '64-to-224': { files: 'small', size: 224, draft: false },
};

export const cases = Object.fromEntries(
  Object.entries(kinds).flatMap(([kind, job]) =>
    workerCounts.map((workers) => [`${kind}-${workers}w`, { ...job, workers }]),
  ),
);

export const batchSize = 64;
/** Batches that each worker prepares ahead: DataLoader's default, and that of storage mode NVME. */
export const prefetch = 2;
