import { type SampleTexts, sampleTexts } from './formats/texts.js';
import { maximumVocabulary, type TokenFrame, WordCounts, wordsWithin } from './tokenizer.js';
import { storedBytes, type TrainingSet } from './training-set.js';

/** Text that is enough to rank the 30,000 most frequent words, and is counted within a second or two. */
const sampledBytes = 16 << 20;

/** How each text of a sample is tokenised: the one of a classifier; source and target of a pair. */
export const framesOf = (kind: 'text' | 'text-pair'): readonly TokenFrame[] =>
  kind === 'text' ? ['plain'] : ['plain', 'framed'];

/**
 * The vocabularies of a text set, the largest allowed: of a pair one for the source and one for the target, as the network
 * has an embedding for each. A set of more than 16 MiB is sampled: every k-th text, from the first on, where k is the least
 * that stays within.
 */
export function buildVocabularies(set: Pick<TrainingSet, 'entry' | 'content' | 'samples' | 'bytes'>): string[][] {
  if (set.entry.kind === 'image') return [];
  const frames = framesOf(set.entry.kind);
  const counts = frames.map(() => new WordCounts());
  const texts = sampleTexts(set);
  const stride = Math.ceil(set.bytes / sampledBytes);
  for (let index = 0; index < set.samples; index += stride) {
    textsOrNone(texts, set, index).forEach((text, side) => {
      counts[side]!.add(text);
    });
  }
  return frames.map((frame, side) => counts[side]!.words(wordsWithin(maximumVocabulary, frame)));
}

/** A damaged sample has no words to give; it is counted and named when the loader meets it. */
function textsOrNone(texts: SampleTexts, set: Pick<TrainingSet, 'content'>, index: number): readonly string[] {
  try {
    return texts(storedBytes(set, index));
  } catch {
    return [];
  }
}
