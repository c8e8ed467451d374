import path from 'node:path';
import { MersenneTwister } from '../../base/random.js';
import { cnnDailyMailFiles } from '../formats/cnn-dailymail.js';
import { LineWriter } from './line-writer.js';
import type { MakerRequest } from './maker.js';
import { drawLength, inventWords, prose } from './words.js';

const lexiconWords = 100_000;
/** 780 words in the mean, as CNN/DailyMail's articles (See, Liu and Manning 2017). */
const articleWords = { median: 695, sigma: 0.48, maximum: 2300 };
/** 55 words in the mean. */
const highlightWords = { median: 51, sigma: 0.4, maximum: 250 };

export async function makeCnnDailyMail({ folder, samples, seed, onSample }: MakerRequest): Promise<void> {
  const random = new MersenneTwister(seed);
  const lexicon = inventWords(random, lexiconWords);
  const file = new LineWriter(path.join(folder, cnnDailyMailFiles.jsonLines));
  for (let sample = 0; sample < samples; sample++) {
    const article = prose(random, lexicon, drawLength(random, articleWords), 24).join(' ');
    const highlights = prose(random, lexicon, drawLength(random, highlightWords), 14).join('\n');
    // The published ids are SHA-1 digests, 40 hexadecimal digits.
    const id = Array.from({ length: 5 }, () => random.uint32().toString(16).padStart(8, '0')).join('');
    file.write(JSON.stringify({ article, highlights, id }));
    onSample(sample + 1);
  }
  file.close();
}
