import { median } from '../../base/statistics.js';

export type WarmUpEnd = 'flat' | 'time limit';

const tolerance = 0.02;

export interface TrendOptions {
  /** Samples on either side of the comparison; 4 unless given. */
  halfWindow?: number;
  /** Sums up each side; the median unless given, which single outliers do not move. */
  average?: (samples: readonly number[]) => number;
}

/**
 * Says when warming up is over: the average of the last few samples differs by less than 2 % from the average of as many
 * before, or the time is up. Fed with numbers.
 */
export class WarmUpRule {
  readonly #limitMs: number;
  readonly #halfWindow: number;
  readonly #average: (samples: readonly number[]) => number;
  readonly #recent: number[] = [];

  constructor(limitMs: number, { halfWindow = 4, average = median }: TrendOptions = {}) {
    this.#limitMs = limitMs;
    this.#halfWindow = halfWindow;
    this.#average = average;
  }

  /**
   * @param sample time of one more run, in any unit
   * @param elapsedMs wall time since warming up began
   * @returns why it is over, or null
   */
  add(sample: number, elapsedMs: number): WarmUpEnd | null {
    this.#recent.push(sample);
    if (this.#recent.length > 2 * this.#halfWindow) this.#recent.shift();
    if (this.#isFlat()) return 'flat';
    return elapsedMs >= this.#limitMs ? 'time limit' : null;
  }

  #isFlat(): boolean {
    if (this.#recent.length < 2 * this.#halfWindow) return false;
    const older = this.#average(this.#recent.slice(0, this.#halfWindow));
    const newer = this.#average(this.#recent.slice(this.#halfWindow));
    return Math.abs(newer - older) < tolerance * older;
  }
}
