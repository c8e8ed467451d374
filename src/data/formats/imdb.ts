import { existsSync } from 'node:fs';
import path from 'node:path';
import { InputError } from '../../base/errors.js';
import type { DatasetEntry } from '../catalogue.js';
import type { StoredSamples } from '../training-set.js';
import { SampleFiles } from './sample-files.js';

/** Folders of the classes, in their order: 0 is a negative review. */
export const imdbClasses = ['neg', 'pos'] as const;

/**
 * Large Movie Review Dataset (https://ai.stanford.edu/~amaas/data/sentiment/): `train/neg` and `train/pos` hold a review
 * each in `<id>_<rating>.txt`, raw text with `<br />` between paragraphs.
 */
export function readImdb(entry: DatasetEntry, folder: string): StoredSamples {
  const files = new SampleFiles();
  imdbClasses.forEach((name, label) => {
    const reviews = path.join(folder, 'train', name);
    if (!existsSync(reviews)) throw new InputError(`${reviews} is missing: unpack ${entry.source} again.`);
    files.add(reviews, /^\d+_\d+\.txt$/, label);
  });
  return files.finish();
}
