/**
 * Mersenne Twister (MT19937; Matsumoto and Nishimura 1998), seeded and drawn as numpy's `RandomState` does, so that
 * shuffles equal scikit-learn's. Our own seeded choices use it too: one generator for the whole project.
 */
export class MersenneTwister {
  readonly #state = new Int32Array(624);
  #index = 624;

  /** @param seed an integer in [0, 2^32) */
  constructor(seed: number) {
    if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
      throw new RangeError(`seed ${seed} is not an integer in [0, 2^32)`);
    }
    this.#state[0] = seed;
    for (let i = 1; i < 624; i++) {
      const previous = this.#state[i - 1]! ^ (this.#state[i - 1]! >>> 30);
      this.#state[i] = Math.imul(previous, 1812433253) + i;
    }
  }

  /** Uniform 32-bit integer. */
  uint32(): number {
    if (this.#index === 624) this.#twist();
    let y = this.#state[this.#index++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  /** Fills `target` with uniform 32-bit integers: those that `uint32` would give, several times faster. */
  fill(target: Uint32Array): void {
    const state = this.#state;
    for (let filled = 0; filled < target.length; ) {
      if (this.#index === 624) this.#twist();
      const from = this.#index;
      const count = Math.min(624 - from, target.length - filled);
      for (let i = 0; i < count; i++) {
        let y = state[from + i]!;
        y ^= y >>> 11;
        y ^= (y << 7) & 0x9d2c5680;
        y ^= (y << 15) & 0xefc60000;
        target[filled + i] = y ^ (y >>> 18);
      }
      filled += count;
      this.#index = from + count;
    }
  }

  /** Uniform in [0, 1) with 53 bits, as `RandomState.random_sample`. */
  float64(): number {
    const high = this.uint32() >>> 5;
    const low = this.uint32() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  /** Uniform integer in [0, maximum], by masked rejection as numpy's legacy `random_interval`. maximum < 2^32. */
  interval(maximum: number): number {
    if (maximum === 0) return 0;
    let mask = maximum;
    for (const shift of [1, 2, 4, 8, 16]) mask |= mask >>> shift;
    mask >>>= 0;
    for (;;) {
      const value = (this.uint32() & mask) >>> 0;
      if (value <= maximum) return value;
    }
  }

  /** Standard normal deviate (polar Box-Muller, as numpy's legacy generator; the second of a pair is kept). */
  normal(): number {
    if (this.#spare !== null) {
      const value = this.#spare;
      this.#spare = null;
      return value;
    }
    for (;;) {
      const x = 2 * this.float64() - 1;
      const y = 2 * this.float64() - 1;
      const radius = x * x + y * y;
      if (radius >= 1 || radius === 0) continue;
      const scale = Math.sqrt((-2 * Math.log(radius)) / radius);
      this.#spare = scale * x;
      return scale * y;
    }
  }
  #spare: number | null = null;

  /** Fisher-Yates shuffle in place, drawing as `RandomState.shuffle`. */
  shuffle<T extends { length: number; [index: number]: number }>(values: T): T {
    for (let i = values.length - 1; i > 0; i--) {
      const j = this.interval(i);
      const held = values[i]!;
      values[i] = values[j]!;
      values[j] = held;
    }
    return values;
  }

  #twist(): void {
    const state = this.#state;
    for (let i = 0; i < 227; i++) state[i] = state[i + 397]! ^ mixed(state[i]!, state[i + 1]!);
    for (let i = 227; i < 623; i++) state[i] = state[i - 227]! ^ mixed(state[i]!, state[i + 1]!);
    state[623] = state[396]! ^ mixed(state[623]!, state[0]!);
    this.#index = 0;
  }
}

/** The highest bit of one word and the others of the next, times MT19937's matrix. */
function mixed(word: number, next: number): number {
  const y = (word & 0x80000000) | (next & 0x7fffffff);
  return (y >>> 1) ^ (-(y & 1) & 0x9908b0df);
}
