import type { RangeSamples } from '../ranges.js';
import type { TrainingSet } from '../training-set.js';
import { cnnDailyMailTexts } from './cnn-dailymail.js';

/** The texts of a stored sample: one, or source and target of a pair. Throws where the sample is damaged. */
export type SampleTexts = (stored: Uint8Array) => readonly string[];

export function sampleTexts(set: Pick<TrainingSet, 'entry' | 'content'>): SampleTexts {
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  const parse = parserOf(set);
  return (stored) => {
    // TextDecoder refuses shared memory: slice() copies the sample out of it.
    const texts = parse(utf8.decode(stored.slice()));
    if (texts.some((text) => !/\S/.test(text))) throw new Error('it has an empty text');
    return texts;
  };
}

function parserOf({ entry, content }: Pick<TrainingSet, 'entry' | 'content'>): (stored: string) => readonly string[] {
  switch (entry.format) {
    case 'imdb':
      return (review) => [separatePunctuation(review.replace(/<br *\/?>/g, ' '))];
    case 'wmt14':
      return (pair) => pair.split('\n');
    case 'cnn-dailymail': {
      const parse = cnnDailyMailTexts(content as RangeSamples);
      return (record) => parse(record).map(separatePunctuation);
    }
    default:
      return (sentence) => [sentence];
  }
}

/**
 * Published as running text: its punctuation becomes words of its own, as in torchtext's `basic_english`, so that 'end.'
 * and 'end' are one word. SST-2 and WMT14 are published with spaces around it.
 */
const separatePunctuation = (text: string): string => text.replace(/[.,!?()":;]/g, ' $& ');
