import { existsSync } from 'node:fs';
import path from 'node:path';
import { InputError } from '../../base/errors.js';
import type { DatasetEntry } from '../catalogue.js';
import { noDamage, noteDamage } from '../damage.js';
import { fileBytes, linesOf } from '../files.js';
import { RecordStore } from '../record-store.js';
import type { StoredSamples } from '../training-set.js';

/** Source and target, line by line. */
export const wmt14Files = ['train.de', 'train.en'] as const;

/**
 * WMT14 German to English as Stanford's NLP group publishes it, tokenised (https://nlp.stanford.edu/projects/nmt/): line n
 * of `train.en` translates line n of `train.de`. A record is both lines, joined by a newline.
 */
export function readWmt14(entry: DatasetEntry, folder: string): StoredSamples {
  const paths = wmt14Files.map((name) => path.join(folder, name)) as [string, string];
  for (const file of paths) {
    if (!existsSync(file)) throw new InputError(`${file} is missing: get it from ${entry.source}.`);
  }
  const bytes = fileBytes(paths[0]) + fileBytes(paths[1]);
  // A pair takes a byte between its lines, where its files have two newlines; the last line may lack one.
  const store = new RecordStore(bytes + 1);
  const damage = noDamage();
  const [sources, targets] = [linesOf(paths[0]), linesOf(paths[1])];
  for (let line = 1; ; line++) {
    const [source, target] = [sources.next().value, targets.next().value];
    if (!source && !target) break;
    if (source && target) {
      if (hasText(source) && hasText(target)) store.addText(line, source, target);
      else noteDamage(damage, `${hasText(source) ? paths[1] : paths[0]}, line ${line} is empty`);
    } else {
      const [shorter, longer] = source ? [paths[1], paths[0]] : [paths[0], paths[1]];
      noteDamage(damage, `${shorter} ends before line ${line} of ${longer}`);
    }
  }
  return { samples: store.samples, labels: null, content: store.finish(paths), bytes, damage };
}

/** Not spaces alone: the lines are tokenised, so the first byte tells most often. */
function hasText(line: Buffer): boolean {
  for (const byte of line) if (byte > 0x20) return true;
  return false;
}
