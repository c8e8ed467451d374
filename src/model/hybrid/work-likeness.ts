/** A power of two. Sweeps repeat their work with other optimizers, workers and storage. */
const slots = 1024;

/** Likeness of a work to that of every centre, remembered for works met lately. */
export class WorkLikeness {
  readonly #width: number;
  /** [distinct works of the centres, width] */
  readonly #works: Float64Array;
  /** Of each centre, its row in `#works`. */
  readonly #rowOfCentre: Uint32Array;
  readonly #ofRows: Float64Array;
  readonly #remembered: ({ work: readonly number[]; bells: Float64Array } | undefined)[] = new Array(slots);
  readonly #key: Float64Array;
  readonly #keyWords: Int32Array;

  /** @param centres their works, divided by the lengths of the kernel */
  constructor(centres: readonly (readonly number[])[]) {
    this.#width = centres[0]!.length;
    const rows = new Map<string, number>();
    this.#rowOfCentre = Uint32Array.from(centres, (work) => {
      const key = work.join();
      if (!rows.has(key)) rows.set(key, rows.size);
      return rows.get(key)!;
    });
    this.#works = new Float64Array(rows.size * this.#width);
    for (const [i, work] of centres.entries()) this.#works.set(work, this.#rowOfCentre[i]! * this.#width);
    this.#ofRows = new Float64Array(rows.size);
    this.#key = new Float64Array(this.#width);
    this.#keyWords = new Int32Array(this.#key.buffer);
  }

  /** One value per centre; good until the next call. */
  of(work: readonly number[]): Float64Array {
    const slot = this.#slotOf(work);
    const remembered = this.#remembered[slot];
    if (remembered?.work.every((value, i) => value === work[i])) return remembered.bells;
    const bells = remembered?.bells ?? new Float64Array(this.#rowOfCentre.length);
    this.#remembered[slot] = { work, bells };
    this.#fill(work, bells);
    return bells;
  }

  /** exp(-d^2 / 2), as `likeness`; in two rounds, since the additions of many distances overlap in a processor. */
  #fill(work: readonly number[], bells: Float64Array): void {
    const width = this.#width;
    const works = this.#works;
    const ofRows = this.#ofRows;
    for (let row = 0, start = 0; row < ofRows.length; row++, start += width) {
      let squares = 0;
      for (let i = 0; i < width; i++) {
        const difference = work[i]! - works[start + i]!;
        squares += difference * difference;
      }
      ofRows[row] = squares;
    }
    for (let row = 0; row < ofRows.length; row++) ofRows[row] = Math.exp(-0.5 * ofRows[row]!);
    for (let i = 0; i < bells.length; i++) bells[i] = ofRows[this.#rowOfCentre[i]!]!;
  }

  #slotOf(work: readonly number[]): number {
    this.#key.set(work);
    let hash = 0;
    for (let i = 0; i < this.#keyWords.length; i++) hash = Math.imul(hash ^ this.#keyWords[i]!, 0x9e3779b1);
    return (hash >>> 16) & (slots - 1);
  }
}
