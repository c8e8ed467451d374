import { existsSync } from 'node:fs';
import path from 'node:path';
import { InputError } from '../../base/errors.js';
import type { DatasetEntry } from '../catalogue.js';
import { noDamage, noteDamage } from '../damage.js';
import { fileBytes } from '../files.js';
import { LineScanner } from '../line-scanner.js';
import { RangeIndex } from '../ranges.js';
import type { StoredSamples } from '../training-set.js';

/** Source and target, line by line. */
export const wmt14Files = ['train.de', 'train.en'] as const;

/**
 * WMT14 German to English as Stanford's NLP group publishes it, tokenised (https://nlp.stanford.edu/projects/nmt/): line n
 * of `train.en` translates line n of `train.de`. A pair with an empty side is left out.
 */
export function readWmt14(entry: DatasetEntry, folder: string): StoredSamples {
  const paths = wmt14Files.map((name) => path.join(folder, name)) as [string, string];
  for (const file of paths) {
    if (!existsSync(file)) throw new InputError(`${file} is missing: get it from ${entry.source}.`);
  }
  const damage = noDamage();
  const index = new RangeIndex();
  const [source, target] = [new LineScanner(paths[0]), new LineScanner(paths[1])];
  for (;;) {
    const [hasSource, hasTarget] = [source.advance(), target.advance()];
    if (!hasSource && !hasTarget) break;
    if (!hasSource || !hasTarget) {
      const [shorter, longer] = hasSource ? [paths[1], paths[0]] : [paths[0], paths[1]];
      noteDamage(damage, `${shorter} ends before line ${(hasSource ? source : target).number} of ${longer}`);
    } else if (source.isBlank || target.isBlank) {
      noteDamage(damage, `${source.isBlank ? paths[0] : paths[1]}, line ${source.number} is empty`);
    } else {
      index.begin(source.number);
      index.range(source.start, source.length);
      index.range(target.start, target.length);
    }
  }
  const bytes = fileBytes(paths[0]) + fileBytes(paths[1]);
  return { samples: index.samples, labels: null, content: index.finish(paths), bytes, damage };
}
