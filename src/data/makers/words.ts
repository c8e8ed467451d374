import type { MersenneTwister } from '../../base/random.js';

/** Distinct made-up words of one to three syllables, five letters in the mean. */
export function inventWords(random: MersenneTwister, count: number): string[] {
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

/** So many words of a lexicon, whose frequencies follow Zipf's law. */
export function drawWords(random: MersenneTwister, lexicon: readonly string[], count: number): string[] {
  return Array.from({ length: count }, () => lexicon[zipfRank(random, lexicon.length)]!);
}

/** Rank 0..words-1 with probability about proportional to 1 / (rank + 1), by inversion. */
function zipfRank(random: MersenneTwister, words: number): number {
  return Math.min(words - 1, Math.floor((words + 1) ** random.float64()) - 1);
}

/** How the lengths of texts spread: log-normal, as those of most corpora. */
export interface LengthSpread {
  /** Words. */
  median: number;
  /** Standard deviation of the logarithm; the mean is `median * exp(sigma^2 / 2)`. */
  sigma: number;
  /** The longest that occurs. */
  maximum: number;
}

/** At least one word. */
export function drawLength(random: MersenneTwister, { median, sigma, maximum }: LengthSpread): number {
  return Math.min(maximum, Math.max(1, Math.round(median * Math.exp(sigma * random.normal()))));
}

/** Running text: sentences of about `wordsPerSentence` words, each begun with a capital and ended with a full stop. */
export function prose(
  random: MersenneTwister,
  lexicon: readonly string[],
  words: number,
  wordsPerSentence: number,
): string[] {
  const sentences: string[] = [];
  for (let left = words; left > 0; ) {
    const length = Math.min(left, drawLength(random, { median: wordsPerSentence, sigma: 0.4, maximum: 60 }));
    const sentence = drawWords(random, lexicon, length).join(' ');
    sentences.push(`${sentence[0]!.toUpperCase()}${sentence.slice(1)}.`);
    left -= length;
  }
  return sentences;
}
