import { existsSync } from 'node:fs';
import path from 'node:path';
import { InputError } from '../base/errors.js';
import { type DatasetEntry, type DatasetFormat, datasetEntry } from './catalogue.js';
import { readCifar } from './formats/cifar.js';
import { readSst2 } from './formats/sst2.js';
import { readTinyImageNet } from './formats/tiny-imagenet.js';
import { readMarker } from './marker.js';
import type { TrainingSet } from './training-set.js';

export type SampleReader = (entry: DatasetEntry, folder: string) => Omit<TrainingSet, 'entry' | 'synthetic'>;

const readers: Record<DatasetFormat, SampleReader> = {
  'tiny-imagenet': readTinyImageNet,
  cifar10: readCifar,
  cifar100: readCifar,
  sst2: readSst2,
};

/**
 * Opens a data set's training samples: image files are listed, everything else is read into shared memory.
 * Throws InputError (MISSING_DATA) where the folder is missing, and naming the file where one is damaged.
 */
export function openTrainingSet(dataRoot: string, name: string): TrainingSet {
  const entry = datasetEntry(name);
  const folder = path.join(dataRoot, entry.folder);
  if (!existsSync(folder)) {
    throw new InputError(
      `Data set ${entry.name} is not in ${folder}: unpack ${entry.source} there, or run ` +
        `'orion-bench data prepare --data-root ${dataRoot}' for a small synthetic one.`,
      { code: 'MISSING_DATA' },
    );
  }
  const read = readers[entry.format](entry, folder);
  if (read.samples === 0) {
    throw new InputError(`${folder} holds no training samples: unpack ${entry.source} again.`, {
      code: 'MISSING_DATA',
    });
  }
  return { entry, synthetic: readMarker(folder) !== null, ...read };
}
