import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { InputError } from '../../base/errors.js';
import type { DatasetEntry } from '../catalogue.js';
import { reading } from '../files.js';
import type { StoredSamples } from '../training-set.js';
import { SampleFiles } from './sample-files.js';

/**
 * TinyImageNet: `wnids.txt` lists the classes, `train/<wnid>/images/*.JPEG` holds one image each. The class of a sample
 * is the line of its wnid; samples are ordered by class and name.
 */
export function readTinyImageNet(entry: DatasetEntry, folder: string): StoredSamples {
  const files = new SampleFiles();
  readClasses(entry, folder).forEach((wnid, label) => {
    const images = path.join(folder, 'train', wnid, 'images');
    if (!existsSync(images)) {
      throw new InputError(`Class ${wnid} of ${path.join(folder, 'wnids.txt')} has no folder ${images}: unpack again.`);
    }
    files.add(images, /\.jpe?g$/i, label);
  });
  return files.finish();
}

function readClasses(entry: DatasetEntry, folder: string): string[] {
  const file = path.join(folder, 'wnids.txt');
  if (!existsSync(file)) throw new InputError(`${file} is missing: unpack ${entry.source} again.`);
  const classes = reading(file, () => readFileSync(file, 'utf8'))
    .split(/\s+/)
    .filter(Boolean);
  if (classes.length !== entry.classes) {
    throw new InputError(`${file} lists ${classes.length} classes where ${entry.classes} are expected.`);
  }
  return classes;
}
