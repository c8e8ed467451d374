import { statSync } from 'node:fs';
import path from 'node:path';
import { InputError } from '../base/errors.js';
import { type DatasetEntry, type DatasetFormat, datasetEntry } from './catalogue.js';
import { namesIn, refusalOf } from './files.js';
import { readCifar } from './formats/cifar.js';
import { readCnnDailyMail } from './formats/cnn-dailymail.js';
import { readImdb } from './formats/imdb.js';
import { readSst2 } from './formats/sst2.js';
import { readStl10 } from './formats/stl10.js';
import { readTinyImageNet } from './formats/tiny-imagenet.js';
import { readWmt14 } from './formats/wmt14.js';
import { readMarker } from './marker.js';
import type { StoredSamples, TrainingSet } from './training-set.js';
import { buildVocabularies } from './vocabularies.js';

export type SampleReader = (entry: DatasetEntry, folder: string) => StoredSamples;

const readers: Record<DatasetFormat, SampleReader> = {
  'tiny-imagenet': readTinyImageNet,
  cifar10: readCifar,
  cifar100: readCifar,
  stl10: readStl10,
  sst2: readSst2,
  imdb: readImdb,
  wmt14: readWmt14,
  'cnn-dailymail': readCnnDailyMail,
};

/**
 * Opens a data set's training samples: sets of a file per sample are listed, everything else is read into shared memory.
 * Single samples that are damaged are left out and counted. Throws InputError (MISSING_DATA) where there is nothing, and
 * naming the file where it cannot be used.
 */
export function openTrainingSet(dataRoot: string, name: string): TrainingSet {
  const { entry, folder } = requireDataset(dataRoot, name);
  const nothing = noSamplesIn(folder, entry);
  if (namesIn(folder).length === 0) throw nothing;
  const read = readers[entry.format](entry, folder);
  if (read.samples === 0) {
    const { count, first } = read.damage;
    throw count > 0 ? new InputError(`${folder} holds no whole training sample: ${first}.`) : nothing;
  }
  const synthetic = readMarker(folder) !== null;
  return { entry, synthetic, ...read, vocabularies: buildVocabularies({ entry, ...read }) };
}

/** The folder of a data set, unopened. Throws InputError (MISSING_DATA) where it is not there. */
export function requireDataset(dataRoot: string, name: string): { entry: DatasetEntry; folder: string } {
  const entry = datasetEntry(name);
  const folder = path.join(dataRoot, entry.folder);
  if (!exists(folder)) {
    throw new InputError(
      `Data set ${entry.name} is not in ${folder}: unpack ${entry.source} there, or run ` +
        `'orion-bench data prepare --data-root ${dataRoot}' for a small synthetic one.`,
      { code: 'MISSING_DATA' },
    );
  }
  return { entry, folder };
}

const noSamplesIn = (folder: string, { source }: DatasetEntry): InputError =>
  new InputError(`${folder} holds no training samples: unpack ${source} again.`, { code: 'MISSING_DATA' });

/** Throws InputError where that cannot be told. */
function exists(folder: string): boolean {
  try {
    return statSync(folder, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    throw new InputError(`${folder} cannot be reached (${refusalOf(error)}).`, { cause: error });
  }
}
