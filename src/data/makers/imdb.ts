import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { MersenneTwister } from '../../base/random.js';
import { imdbClasses } from '../formats/imdb.js';
import type { MakerRequest } from './maker.js';
import { drawLength, inventWords, prose } from './words.js';

const lexiconWords = 75_000;
/** IMDB's training reviews: 234 words in the mean, deviation 174, at most 2,470. */
const reviewWords = { median: 187, sigma: 0.66, maximum: 2470 };
const wordsPerSentence = 18;
const sentencesPerParagraph = 4;

export async function makeImdb({ folder, samples, seed, onSample }: MakerRequest): Promise<void> {
  const random = new MersenneTwister(seed);
  const lexicon = inventWords(random, lexiconWords);
  const folders = imdbClasses.map((name) => path.join(folder, 'train', name));
  for (const reviews of folders) mkdirSync(reviews, { recursive: true });
  for (let sample = 0; sample < samples; sample++) {
    const label = sample % folders.length;
    // Reviews are negative from 1 to 4 stars, positive from 7 to 10.
    const rating = (label === 0 ? 1 : 7) + random.interval(3);
    const sentences = prose(random, lexicon, drawLength(random, reviewWords), wordsPerSentence);
    const name = `${Math.floor(sample / folders.length)}_${rating}.txt`;
    writeFileSync(path.join(folders[label]!, name), paragraphs(sentences).join('<br /><br />'));
    onSample(sample + 1);
  }
}

function paragraphs(sentences: readonly string[]): string[] {
  const count = Math.ceil(sentences.length / sentencesPerParagraph);
  return Array.from({ length: count }, (_, i) =>
    sentences.slice(i * sentencesPerParagraph, (i + 1) * sentencesPerParagraph).join(' '),
  );
}
