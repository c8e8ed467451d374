/** Ids 0 (padding) and 1 (unknown word) come before the words. */
export const paddingId = 0;
export const unknownId = 1;
const reservedIds = 2;

/** Words and reserved ids together. */
export const maximumVocabulary = 30_000;

const wordsOf = (text: string): string[] => text.toLowerCase().split(/\s+/).filter(Boolean);

/**
 * The words of a training text by falling frequency (ties: alphabetically), at most `size` - 2 of them, so that with
 * padding and unknown there are at most `size` ids.
 */
export function buildVocabulary(sentences: Iterable<string>, size: number): string[] {
  const counts = new Map<string, number>();
  for (const sentence of sentences) {
    for (const word of wordsOf(sentence)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts]
    .sort(([wordA, countA], [wordB, countB]) => countB - countA || (wordA < wordB ? -1 : 1))
    .slice(0, size - reservedIds)
    .map(([word]) => word);
}

/** Ids in use with this vocabulary, the reserved ones included. */
export function vocabularySize(vocabulary: readonly string[]): number {
  return vocabulary.length + reservedIds;
}

/** Turns text into a fixed number of word ids. */
export class Tokenizer {
  readonly sequenceLength: number;
  readonly #ids = new Map<string, number>();

  constructor(vocabulary: readonly string[], sequenceLength: number) {
    this.sequenceLength = sequenceLength;
    vocabulary.forEach((word, index) => {
      this.#ids.set(word, index + reservedIds);
    });
  }

  /** Writes `sequenceLength` ids to `target` from `offset` on: cut where the text is longer, padded where shorter. */
  encode(text: string, target: BigInt64Array, offset: number): void {
    target.fill(BigInt(paddingId), offset, offset + this.sequenceLength);
    let position = 0;
    for (const word of wordsOf(text)) {
      if (position === this.sequenceLength) return;
      target[offset + position] = BigInt(this.#ids.get(word) ?? unknownId);
      position++;
    }
  }
}
