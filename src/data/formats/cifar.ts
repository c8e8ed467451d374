import { existsSync } from 'node:fs';
import path from 'node:path';
import type { DatasetEntry } from '../catalogue.js';
import { noDamage, noteDamage } from '../damage.js';
import { blocksOf, fileBytes } from '../files.js';
import { RecordStore } from '../record-store.js';
import { type StoredSamples, sharedLabels } from '../training-set.js';

/** 3 planes (red, green, blue) of 32 x 32 bytes, row by row. */
export const cifarPixelBytes = 3 * 32 * 32;

interface CifarLayout {
  /** Training files that the published archive holds; those present are read. */
  files: readonly string[];
  labelBytes: number;
}

/** CIFAR-10: one label byte; CIFAR-100: coarse, then fine label. The class is the last label byte. */
export const cifarLayouts: Record<'cifar10' | 'cifar100', CifarLayout> = {
  cifar10: { files: [1, 2, 3, 4, 5].map((part) => `data_batch_${part}.bin`), labelBytes: 1 },
  cifar100: { files: ['train.bin'], labelBytes: 2 },
};

/** Binary version of CIFAR-10 and CIFAR-100 (https://www.cs.toronto.edu/~kriz/cifar.html). */
export function readCifar(entry: DatasetEntry, folder: string): StoredSamples {
  const { files, labelBytes } = cifarLayouts[entry.format as keyof typeof cifarLayouts];
  const paths = files.map((name) => path.join(folder, name)).filter((file) => existsSync(file));
  const bytes = paths.reduce((sum, file) => sum + fileBytes(file), 0);
  const recordBytes = labelBytes + cifarPixelBytes;

  const store = new RecordStore(bytes);
  const labels: number[] = [];
  const damage = noDamage();
  for (const [fileIndex, file] of paths.entries()) {
    let start = 0;
    for (const record of blocksOf(file, recordBytes)) {
      const label = record[labelBytes - 1]!;
      if (record.length < recordBytes) {
        noteDamage(damage, `${file} is cut ${record.length} bytes into its last record of ${recordBytes} bytes`);
      } else if (label >= entry.classes!) {
        noteDamage(damage, `${file} has label ${label} at byte ${start + labelBytes - 1}, of ${entry.classes} classes`);
      } else {
        labels.push(label);
        store.add(record.subarray(labelBytes), { file: fileIndex, start: start + labelBytes });
      }
      start += record.length;
    }
  }
  return { samples: store.samples, labels: sharedLabels(labels), content: store.finish(paths), bytes, damage };
}
