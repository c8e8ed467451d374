import path from 'node:path';
import { MersenneTwister } from '../../base/random.js';
import { wmt14Files } from '../formats/wmt14.js';
import { LineWriter } from './line-writer.js';
import type { MakerRequest } from './maker.js';
import { drawLength, drawWords, inventWords } from './words.js';

const lexiconWords = 60_000;
/** 25 words in the mean, as either side of WMT14's pairs. */
const sentenceWords = { median: 21, sigma: 0.6, maximum: 150 };
/** A translation is about as long as its source. */
const ratioSigma = 0.15;

export async function makeWmt14({ folder, samples, seed, onSample }: MakerRequest): Promise<void> {
  const random = new MersenneTwister(seed);
  const lexicons = wmt14Files.map(() => inventWords(random, lexiconWords));
  const files = wmt14Files.map((name) => new LineWriter(path.join(folder, name)));
  for (let sample = 0; sample < samples; sample++) {
    const source = drawLength(random, sentenceWords);
    const target = drawLength(random, { median: source, sigma: ratioSigma, maximum: sentenceWords.maximum });
    [source, target].forEach((words, side) => {
      files[side]!.write(`${drawWords(random, lexicons[side]!, words).join(' ')} .`);
    });
    onSample(sample + 1);
  }
  for (const file of files) file.close();
}
