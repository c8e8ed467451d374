/** Threads that work on numbered blocks at the same time learn, one after the other, how many rows came before theirs. */
export class Turnstile {
  /** The block whose turn it is, and the rows of those before it. */
  readonly #cells: Int32Array;

  constructor(readonly memory = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT)) {
    this.#cells = new Int32Array(memory);
  }

  /** Waits for the blocks before; returns the number of their rows. */
  pass(block: number, rows: number): number {
    for (;;) {
      const turn = Atomics.load(this.#cells, 0);
      if (turn === block) break;
      Atomics.wait(this.#cells, 0, turn);
    }
    const before = Atomics.add(this.#cells, 1, rows);
    Atomics.store(this.#cells, 0, block + 1);
    Atomics.notify(this.#cells, 0);
    return before;
  }
}
