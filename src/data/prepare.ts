import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { InputError } from '../base/errors.js';
import { catalogue, type DatasetEntry, type DatasetFormat, datasetEntry } from './catalogue.js';
import { makeCifar } from './makers/cifar.js';
import { makeCnnDailyMail } from './makers/cnn-dailymail.js';
import { makeImdb } from './makers/imdb.js';
import type { DatasetMaker } from './makers/maker.js';
import { makeSst2 } from './makers/sst2.js';
import { makeStl10 } from './makers/stl10.js';
import { makeTinyImageNet } from './makers/tiny-imagenet.js';
import { makeWmt14 } from './makers/wmt14.js';
import { readMarker, writeMarker } from './marker.js';
import { openTrainingSet } from './open.js';

export interface PrepareOptions {
  /** Names; all that the catalogue has by default. */
  datasets?: readonly string[];
  /** Training samples of each set. */
  samples?: number;
  seed?: number;
  onProgress?: (progress: { dataset: string; done: number; total: number }) => void;
}

export interface PreparedDataset {
  dataset: string;
  folder: string;
  samples: number;
  bytes: number;
  /** made now, or kept from an earlier call with the same samples and seed */
  state: 'made' | 'kept';
}

const makers: Record<DatasetFormat, DatasetMaker> = {
  'tiny-imagenet': makeTinyImageNet,
  cifar10: makeCifar,
  cifar100: makeCifar,
  stl10: makeStl10,
  sst2: makeSst2,
  imdb: makeImdb,
  wmt14: makeWmt14,
  'cnn-dailymail': makeCnnDailyMail,
};

/**
 * Makes small synthetic data sets in the published formats under `dataRoot`, each with a marker file. A synthetic set
 * of other size or seed is replaced; a folder with anything else in it is never touched: InputError.
 */
export async function prepareDatasets(dataRoot: string, options: PrepareOptions = {}): Promise<PreparedDataset[]> {
  const { samples = 1000, seed = 42, onProgress } = options;
  const entries = options.datasets ? options.datasets.map(datasetEntry) : catalogue;
  if (!Number.isInteger(samples) || samples < 1) {
    throw new InputError(`samples is ${samples}: give a whole number of at least 1.`);
  }
  const keep = entries.map((entry) => mayKeep(dataRoot, entry, samples, seed));

  const prepared: PreparedDataset[] = [];
  for (const [index, entry] of entries.entries()) {
    const folder = path.join(dataRoot, entry.folder);
    if (!keep[index]) {
      await make(dataRoot, entry, samples, seed, (done) => onProgress?.({ dataset: entry.name, done, total: samples }));
    }
    const set = openTrainingSet(dataRoot, entry.name);
    const state = keep[index] ? 'kept' : 'made';
    prepared.push({ dataset: entry.name, folder, samples: set.samples, bytes: set.bytes, state });
  }
  return prepared;
}

/** Whether what is there is already what is wanted. Throws where it is not ours to replace. */
function mayKeep(dataRoot: string, entry: DatasetEntry, samples: number, seed: number): boolean {
  const folder = path.join(dataRoot, entry.folder);
  if (!existsSync(folder) || readdirSync(folder).length === 0) return false;
  const marker = readMarker(folder);
  const found = marker && openTrainingSet(dataRoot, entry.name);
  if (!marker || marker.samples !== found?.samples || marker.bytes !== found.bytes) {
    throw new InputError(
      `${folder} holds data that 'data prepare' did not make: it stays as it is; choose another --data-root, or move it away.`,
    );
  }
  return marker.samples === samples && marker.seed === seed;
}

async function make(
  dataRoot: string,
  entry: DatasetEntry,
  samples: number,
  seed: number,
  onSample: (done: number) => void,
): Promise<void> {
  // Made aside and renamed, so that an interrupted run leaves no half data set under the real name.
  const staging = path.join(dataRoot, `.preparing-${entry.folder}`);
  const inStaging = path.join(staging, entry.folder);
  rmSync(staging, { recursive: true, force: true });
  mkdirSync(inStaging, { recursive: true });
  await makers[entry.format]({ entry, folder: inStaging, samples, seed, onSample });
  const made = openTrainingSet(staging, entry.name);
  writeMarker(inStaging, { dataset: entry.name, seed, samples: made.samples, bytes: made.bytes });

  const folder = path.join(dataRoot, entry.folder);
  rmSync(folder, { recursive: true, force: true });
  renameSync(inStaging, folder);
  rmSync(staging, { recursive: true, force: true });
}
