import type { DatasetEntry } from '../catalogue.js';

export interface MakerRequest {
  entry: DatasetEntry;
  /** An empty folder that takes the data set's place. */
  folder: string;
  /** Training samples to make. */
  samples: number;
  seed: number;
  onSample: (done: number) => void;
}

/** Writes a small synthetic training set in a published format. */
export type DatasetMaker = (request: MakerRequest) => Promise<void>;
