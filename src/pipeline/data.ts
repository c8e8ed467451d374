import type { OnProgress } from '../base/progress.js';
import { checkDatasets, type DatasetReport, type PreparedDataset, prepareDatasets } from '../data/index.js';

export type { DatasetReport } from '../data/index.js';

export interface PrepareDataOptions {
  dataRoot: string;
  /** Names; all by default. */
  datasets?: readonly string[] | undefined;
  /** Training samples of each. */
  samples: number;
  seed: number;
  onProgress?: OnProgress | undefined;
}

/** Makes small synthetic data sets in the published formats. */
export function prepareData({
  dataRoot,
  datasets,
  samples,
  seed,
  onProgress,
}: PrepareDataOptions): Promise<PreparedDataset[]> {
  return prepareDatasets(dataRoot, {
    ...(datasets ? { datasets } : {}),
    samples,
    seed,
    onProgress: ({ dataset, done, total }) => {
      // A line per data set is enough where there is no bar to move.
      if (done === total) onProgress?.({ stage: `data set ${dataset}`, done, total });
    },
  });
}

/**
 * What is under the data root, what is missing or damaged, and where to get it.
 * @param thorough read every text too, and compare archives beside the folders with their published checksums
 */
export function checkData(dataRoot: string, thorough = false): DatasetReport[] {
  return checkDatasets(dataRoot, { thorough });
}
