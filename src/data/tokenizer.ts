/** Ids 0 (padding) and 1 (unknown word) come before the words. */
export const paddingId = 0;
export const unknownId = 1;
/** Target texts begin and end with ids of their own, which come before the words too. */
export const startId = 2;
export const endId = 3;

/** Words and reserved ids together. */
export const maximumVocabulary = 30_000;

/**
 * `plain`: the words of a text. `framed`: between a start and an end, so that a decoder that is given the tokens before
 * learns the first word and where to stop; a text that is cut has no end.
 */
export type TokenFrame = 'plain' | 'framed';

const reservedIds: Record<TokenFrame, number> = { plain: 2, framed: 4 };

/** The words of a text, or the first `most` of them: what a cut text does not need is not split. */
function wordsOf(text: string, most = Number.POSITIVE_INFINITY): string[] {
  // White space at an end gives an empty word there.
  return text.trim().toLowerCase().split(/\s+/, Math.min(most, maximumSplit)).filter(Boolean);
}

/** The largest limit that `split` takes. */
const maximumSplit = 2 ** 32 - 1;

/** Counts the words of texts, to choose a vocabulary from. */
export class WordCounts {
  readonly #counts = new Map<string, number>();

  add(text: string): void {
    for (const word of wordsOf(text)) this.#counts.set(word, (this.#counts.get(word) ?? 0) + 1);
  }

  /** The `most` most frequent words, by falling frequency (ties: alphabetically). */
  words(most: number): string[] {
    return [...this.#counts]
      .sort(([wordA, countA], [wordB, countB]) => countB - countA || (wordA < wordB ? -1 : 1))
      .slice(0, most)
      .map(([word]) => word);
  }
}

/** Words for which `size` ids leave room beside the reserved ones. */
export function wordsWithin(size: number, frame: TokenFrame): number {
  return size - reservedIds[frame];
}

/** Ids in use with this vocabulary, the reserved ones included. */
export function vocabularySize(vocabulary: readonly string[], frame: TokenFrame): number {
  return vocabulary.length + reservedIds[frame];
}

/** Turns text into a fixed number of word ids. */
export class Tokenizer {
  readonly #tokens: number;
  readonly #frame: TokenFrame;
  readonly #ids = new Map<string, bigint>();

  /**
   * @param vocabulary words by falling frequency, of which those are used that `size` ids have room for
   * @param tokens ids of a text, start and end included
   */
  constructor(vocabulary: readonly string[], size: number, tokens: number, frame: TokenFrame = 'plain') {
    this.#tokens = tokens;
    this.#frame = frame;
    vocabulary.slice(0, wordsWithin(size, frame)).forEach((word, index) => {
      this.#ids.set(word, BigInt(index + reservedIds[frame]));
    });
  }

  /** Writes the ids of `text` to `target` from `offset` on: cut where the text is longer, padded where shorter. */
  encode(text: string, target: BigInt64Array, offset: number): void {
    const end = offset + this.#tokens;
    const framed = this.#frame === 'framed';
    let position = offset;
    if (framed) target[position++] = BigInt(startId);
    for (const word of wordsOf(text, this.#tokens)) {
      if (position === end) return;
      target[position++] = this.#ids.get(word) ?? BigInt(unknownId);
    }
    if (framed && position < end) target[position++] = BigInt(endId);
    target.fill(BigInt(paddingId), position, end);
  }
}
