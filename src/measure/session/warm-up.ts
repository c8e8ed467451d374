import { median } from '../../base/statistics.js';

export type WarmUpEnd = 'flat' | 'time limit';

const halfWindow = 4;
const tolerance = 0.02;

/**
 * Says when warming up is over: the median of the last four samples differs by less than 2 % from the median of the four
 * before, or the time is up. Fed with numbers.
 */
export class WarmUpRule {
  readonly #limitMs: number;
  readonly #recent: number[] = [];

  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  /**
   * @param sample time of one more run, in any unit
   * @param elapsedMs wall time since warming up began
   * @returns why it is over, or null
   */
  add(sample: number, elapsedMs: number): WarmUpEnd | null {
    this.#recent.push(sample);
    if (this.#recent.length > 2 * halfWindow) this.#recent.shift();
    if (this.#isFlat()) return 'flat';
    return elapsedMs >= this.#limitMs ? 'time limit' : null;
  }

  #isFlat(): boolean {
    if (this.#recent.length < 2 * halfWindow) return false;
    const older = median(this.#recent.slice(0, halfWindow));
    const newer = median(this.#recent.slice(halfWindow));
    return Math.abs(newer - older) < tolerance * older;
  }
}
