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
