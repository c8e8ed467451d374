import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { InputError } from '../../base/errors.js';
import type { DatasetEntry } from '../catalogue.js';
import { sharedLabels, type TrainingSet } from '../training-set.js';

/**
 * TinyImageNet: `wnids.txt` lists the classes, `train/<wnid>/images/*.JPEG` holds one image each. The class of a sample
 * is the line of its wnid; samples are ordered by class and name.
 */
export function readTinyImageNet(entry: DatasetEntry, folder: string): Omit<TrainingSet, 'entry' | 'synthetic'> {
  const classes = readClasses(entry, folder);
  const paths: string[] = [];
  const classOf: number[] = [];
  let bytes = 0;
  classes.forEach((wnid, label) => {
    const images = path.join(folder, 'train', wnid, 'images');
    if (!existsSync(images)) {
      throw new InputError(`Class ${wnid} of ${path.join(folder, 'wnids.txt')} has no folder ${images}: unpack again.`);
    }
    for (const name of readdirSync(images).sort()) {
      if (!/\.jpe?g$/i.test(name)) continue;
      const file = path.join(images, name);
      bytes += statSync(file).size;
      paths.push(file);
      classOf.push(label);
    }
  });
  const labels = sharedLabels(paths.length);
  labels.set(classOf);
  return { samples: paths.length, labels, content: { stored: 'files', paths }, bytes, vocabulary: null };
}

function readClasses(entry: DatasetEntry, folder: string): string[] {
  const file = path.join(folder, 'wnids.txt');
  if (!existsSync(file)) throw new InputError(`${file} is missing: unpack ${entry.source} again.`);
  const classes = readFileSync(file, 'utf8').split(/\s+/).filter(Boolean);
  if (classes.length !== entry.classes) {
    throw new InputError(`${file} lists ${classes.length} classes where ${entry.classes} are expected.`);
  }
  return classes;
}
