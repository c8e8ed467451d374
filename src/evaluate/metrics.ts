/** Measures of how far predictions are from what was measured. Arrays have equal, non-zero length. */

function requirePairs(actual: ArrayLike<number>, predicted: ArrayLike<number>): void {
  if (actual.length === 0 || actual.length !== predicted.length) {
    throw new RangeError(`${actual.length} measured against ${predicted.length} predicted values`);
  }
}

/** Root mean square error, in the unit of the values. */
export function rmse(actual: ArrayLike<number>, predicted: ArrayLike<number>): number {
  requirePairs(actual, predicted);
  let squares = 0;
  for (let i = 0; i < actual.length; i++) squares += (actual[i]! - predicted[i]!) ** 2;
  return Math.sqrt(squares / actual.length);
}

/** How much smaller `ours` is than `baseline`, in percent; 0 where both are 0. */
export function improvementPercent(ours: number, baseline: number): number {
  return ours === baseline ? 0 : (100 * (baseline - ours)) / baseline;
}

/** The metrics of one sample, or what is known of each of them. */
export interface Errors<Value = number> {
  rmseMs: Value;
  /** Mean absolute error. */
  maeMs: Value;
  /** Mean of |predicted - actual| / actual. */
  mapePercent: Value;
  medianApePercent: Value;
  /** Mean of predicted - actual. */
  biasMs: Value;
}

/** Pairs of measured and predicted times, ms, whose metrics can be asked for with any weights. */
export class ErrorSample {
  readonly #errors: Float64Array;
  readonly #percentages: Float64Array;
  /** Rows by ascending percentage. */
  readonly #order: Uint32Array;

  constructor(actual: ArrayLike<number>, predicted: ArrayLike<number>) {
    requirePairs(actual, predicted);
    this.#errors = Float64Array.from(actual, (value, row) => predicted[row]! - value);
    this.#percentages = this.#errors.map((error, row) => (100 * Math.abs(error)) / actual[row]!);
    this.#order = Uint32Array.from(actual, (_, row) => row).sort(
      (a, b) => this.#percentages[a]! - this.#percentages[b]!,
    );
  }

  /** @param timesOf how often each row counts; default: once. All metrics are NaN where a prediction is. */
  metrics(timesOf: (row: number) => number = () => 1): Errors {
    let count = 0;
    let squares = 0;
    let absolute = 0;
    let percent = 0;
    let signed = 0;
    for (let row = 0; row < this.#errors.length; row++) {
      const times = timesOf(row);
      const error = this.#errors[row]!;
      count += times;
      squares += times * error * error;
      absolute += times * Math.abs(error);
      percent += times * this.#percentages[row]!;
      signed += times * error;
    }
    return {
      rmseMs: Math.sqrt(squares / count),
      maeMs: absolute / count,
      mapePercent: percent / count,
      medianApePercent: Number.isNaN(percent) ? Number.NaN : this.#medianPercentage(timesOf, count),
      biasMs: signed / count,
    };
  }

  /** The middle one, or the mean of the middle two. */
  #medianPercentage(timesOf: (row: number) => number, count: number): number {
    const [lower, upper] = [(count - 1) >> 1, count >> 1];
    let passed = 0;
    let low: number | null = null;
    for (const row of this.#order) {
      passed += timesOf(row);
      if (low === null && passed > lower) low = this.#percentages[row]!;
      if (passed > upper) return (low! + this.#percentages[row]!) / 2;
    }
    return Number.NaN;
  }
}
