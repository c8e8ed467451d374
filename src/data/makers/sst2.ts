import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { MersenneTwister } from '../../base/random.js';
import { sst2Header } from '../formats/sst2.js';
import type { MakerRequest } from './maker.js';

// Distinct words of SST-2's training file.
const lexiconWords = 14_800;
const maximumWords = 50;

export async function makeSst2({ folder, samples, seed, onSample }: MakerRequest): Promise<void> {
  const random = new MersenneTwister(seed);
  const lexicon = inventWords(random, lexiconWords);
  const lines = [sst2Header];
  for (let sample = 0; sample < samples; sample++) {
    const words = Array.from({ length: sentenceWords(random) }, () => lexicon[zipfRank(random, lexicon.length)]!);
    lines.push(`${words.join(' ')} \t${random.interval(1)}`);
    onSample(sample + 1);
  }
  writeFileSync(path.join(folder, 'train.tsv'), `${lines.join('\n')}\n`);
}

/** Words of a sentence: log-normal with median 6 and mean near 9, as SST-2's phrases. */
function sentenceWords(random: MersenneTwister): number {
  const words = Math.round(6 * Math.exp(0.9 * random.normal()));
  return Math.min(maximumWords, Math.max(1, words));
}

/** Rank 0..words-1 with probability about proportional to 1 / (rank + 1) (Zipf's law, by inversion). */
function zipfRank(random: MersenneTwister, words: number): number {
  return Math.min(words - 1, Math.floor((words + 1) ** random.float64()) - 1);
}

function inventWords(random: MersenneTwister, count: number): string[] {
  const consonants = 'bcdfghjklmnprstvwz';
  const vowels = 'aeiou';
  const syllable = () =>
    consonants[random.interval(consonants.length - 1)]! + vowels[random.interval(vowels.length - 1)]!;
  const words = new Set<string>();
  while (words.size < count) {
    words.add(Array.from({ length: 1 + random.interval(3) }, syllable).join(''));
  }
  return [...words];
}
