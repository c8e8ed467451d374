import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { InputError } from '../../base/errors.js';
import type { DatasetEntry } from '../catalogue.js';
import { sharedLabels, type TrainingSet } from '../training-set.js';

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
export function readCifar(entry: DatasetEntry, folder: string): Omit<TrainingSet, 'entry' | 'synthetic'> {
  const layout = cifarLayouts[entry.format as keyof typeof cifarLayouts];
  const paths = layout.files.map((name) => path.join(folder, name)).filter((file) => existsSync(file));
  const recordBytes = layout.labelBytes + cifarPixelBytes;
  const files = paths.map((file) => readRecords(file, recordBytes));
  const bytes = files.reduce((sum, content) => sum + content.length, 0);
  const samples = bytes / recordBytes;

  const records = new Uint8Array(new SharedArrayBuffer(samples * cifarPixelBytes));
  const offsets = new Uint32Array(new SharedArrayBuffer((samples + 1) * Uint32Array.BYTES_PER_ELEMENT));
  const labels = sharedLabels(samples);
  let sample = 0;
  files.forEach((content, part) => {
    for (let start = 0; start < content.length; start += recordBytes) {
      const pixels = start + layout.labelBytes;
      const label = content[pixels - 1]!;
      if (label >= entry.classes) {
        throw new InputError(
          `${paths[part]} has label ${label} at byte ${pixels - 1} where ${entry.name} has ${entry.classes} classes: ` +
            `unpack ${entry.source} again.`,
        );
      }
      labels[sample] = label;
      records.set(content.subarray(pixels, pixels + cifarPixelBytes), sample * cifarPixelBytes);
      sample++;
      offsets[sample] = sample * cifarPixelBytes;
    }
  });
  return { samples, labels, content: { stored: 'memory', paths, records, offsets }, bytes, vocabulary: null };
}

function readRecords(file: string, recordBytes: number): Buffer {
  const content = readFileSync(file);
  if (content.length % recordBytes !== 0) {
    throw new InputError(
      `${file} has ${content.length} bytes, not a whole number of ${recordBytes}-byte records: it is truncated.`,
    );
  }
  return content;
}
