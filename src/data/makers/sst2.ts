import path from 'node:path';
import { MersenneTwister } from '../../base/random.js';
import { sst2Header } from '../formats/sst2.js';
import { LineWriter } from './line-writer.js';
import type { MakerRequest } from './maker.js';
import { drawLength, drawWords, inventWords } from './words.js';

// Distinct words of SST-2's training file.
const lexiconWords = 14_800;
/** Mean near 9, as SST-2's phrases. */
const phraseWords = { median: 6, sigma: 0.9, maximum: 50 };

export async function makeSst2({ folder, samples, seed, onSample }: MakerRequest): Promise<void> {
  const random = new MersenneTwister(seed);
  const lexicon = inventWords(random, lexiconWords);
  const file = new LineWriter(path.join(folder, 'train.tsv'));
  file.write(sst2Header);
  for (let sample = 0; sample < samples; sample++) {
    const words = drawWords(random, lexicon, drawLength(random, phraseWords));
    file.write(`${words.join(' ')} \t${random.interval(1)}`);
    onSample(sample + 1);
  }
  file.close();
}
