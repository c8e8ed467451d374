import { existsSync } from 'node:fs';
import path from 'node:path';
import { InputError } from '../../base/errors.js';
import type { DatasetEntry } from '../catalogue.js';
import { noDamage, noteDamage } from '../damage.js';
import { fileBytes } from '../files.js';
import { LineScanner } from '../line-scanner.js';
import { RecordStore } from '../record-store.js';
import { type StoredSamples, sharedLabels } from '../training-set.js';

export const sst2Header = 'sentence\tlabel';
const tab = 0x09;
const zero = 0x30;

/** SST-2 as GLUE publishes it: `train.tsv` with a header line, then a sentence, a tab and 0 or 1 per line. */
export function readSst2(entry: DatasetEntry, folder: string): StoredSamples {
  const file = path.join(folder, 'train.tsv');
  if (!existsSync(file)) throw new InputError(`${file} is missing: unpack ${entry.source} again.`);
  const bytes = fileBytes(file);
  const scanner = new LineScanner(file);
  if (!scanner.advance() || scanner.bytes.toString().trimEnd() !== sst2Header) {
    scanner.close();
    throw new InputError(`${file} does not begin with the header 'sentence<tab>label'.`);
  }
  const store = new RecordStore(bytes);
  const labels: number[] = [];
  const damage = noDamage();
  while (scanner.advance()) {
    const line = scanner.bytes;
    const label = line[line.length - 1]! - zero;
    if (line[line.length - 2] === tab && (label === 0 || label === 1)) {
      labels.push(label);
      store.add(line.subarray(0, -2), { file: 0, start: scanner.start, line: scanner.number });
    } else {
      noteDamage(damage, `${file}, line ${scanner.number} is not a sentence, a tab and the label 0 or 1`);
    }
  }
  return { samples: store.samples, labels: sharedLabels(labels), content: store.finish([file]), bytes, damage };
}
