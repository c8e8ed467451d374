import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { InputError } from '../../base/errors.js';
import type { DatasetEntry } from '../catalogue.js';
import { buildVocabulary, maximumVocabulary } from '../tokenizer.js';
import { sharedLabels, type TrainingSet } from '../training-set.js';

export const sst2Header = 'sentence\tlabel';

/** SST-2 as GLUE publishes it: `train.tsv` with a header line, then a sentence, a tab and 0 or 1 per line. */
export function readSst2(entry: DatasetEntry, folder: string): Omit<TrainingSet, 'entry' | 'synthetic'> {
  const file = path.join(folder, 'train.tsv');
  if (!existsSync(file)) throw new InputError(`${file} is missing: unpack ${entry.source} again.`);
  const content = readFileSync(file);
  const lines = content.toString('utf8').split('\n');
  if (lines.at(-1) === '') lines.pop();
  if (lines[0]?.trimEnd() !== sst2Header) {
    throw new InputError(`${file} does not begin with the header 'sentence<tab>label'.`);
  }
  const sentences: Buffer[] = [];
  const labels = sharedLabels(lines.length - 1);
  lines.slice(1).forEach((line, index) => {
    const match = /^(.*)\t([01])\r?$/.exec(line);
    if (!match) {
      throw new InputError(`${file}, line ${index + 2}: expected a sentence, a tab and the label 0 or 1.`);
    }
    labels[index] = Number(match[2]);
    sentences.push(Buffer.from(match[1]!));
  });

  const offsets = new Uint32Array(new SharedArrayBuffer((sentences.length + 1) * Uint32Array.BYTES_PER_ELEMENT));
  sentences.forEach((sentence, index) => {
    offsets[index + 1] = offsets[index]! + sentence.length;
  });
  const records = new Uint8Array(new SharedArrayBuffer(offsets[sentences.length]!));
  sentences.forEach((sentence, index) => {
    records.set(sentence, offsets[index]);
  });
  return {
    samples: sentences.length,
    labels,
    content: { stored: 'memory', paths: [file], records, offsets },
    bytes: content.length,
    vocabulary: buildVocabulary(
      sentences.map((sentence) => sentence.toString('utf8')),
      maximumVocabulary,
    ),
  };
}
