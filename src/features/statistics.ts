/** Statistics over a column's present values; NaN is missing, as in pandas. */

const present = (values: Float64Array): Float64Array => values.filter((value) => !Number.isNaN(value));

/** Median of the present values; NaN if there is none. */
export function medianOf(values: Float64Array): number {
  const sorted = present(values).sort();
  if (sorted.length === 0) return Number.NaN;
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The column with its missing values replaced by its median. */
export function filledWithMedian(values: Float64Array): Float64Array {
  const median = medianOf(values);
  return values.map((value) => (Number.isNaN(value) ? median : value));
}

/**
 * pandas takes a sum of powers below 1e-14 for the rounding error of a constant column. The recipe depends on it: columns
 * of tiny values, such as peaks over FLOPs, count as not skewed.
 */
const withoutRoundingNoise = (sum: number): number => (Math.abs(sum) < 1e-14 ? 0 : sum);

/**
 * Bias-corrected sample skewness (adjusted Fisher-Pearson coefficient G1), as `pandas.Series.skew`: missing values are
 * left out, a constant column has 0, fewer than three values have none (NaN).
 */
export function skewness(values: Float64Array): number {
  const sample = present(values);
  const count = sample.length;
  if (count < 3) return Number.NaN;
  const mean = sample.reduce((sum, value) => sum + value, 0) / count;
  let squares = 0;
  let cubes = 0;
  for (const value of sample) {
    squares += (value - mean) ** 2;
    cubes += (value - mean) ** 3;
  }
  squares = withoutRoundingNoise(squares);
  cubes = withoutRoundingNoise(cubes);
  if (squares === 0) return 0;
  return ((count * Math.sqrt(count - 1)) / (count - 2)) * (cubes / squares ** 1.5);
}
