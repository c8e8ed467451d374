import { MersenneTwister } from '#src/base/random.js';

export interface RegressionTable {
  rows: number;
  columns: number;
  /** [rows, columns] */
  features: Float32Array;
  targets: Float32Array;
}

/**
 * A smooth function of the first four columns with a little noise; at least four columns.
 * @param levels distinct values per column; 0 = continuous. @param missing share of missing values in column 2
 */
export function regressionTable(
  rows: number,
  columns: number,
  levels: number,
  missing: number,
  seed: number,
): RegressionTable {
  const random = new MersenneTwister(seed);
  const features = new Float32Array(rows * columns);
  const targets = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const x = features.subarray(row * columns, (row + 1) * columns);
    for (let column = 0; column < columns; column++) {
      x[column] = levels ? random.interval(levels - 1) / levels : random.float64();
    }
    targets[row] = 10 * x[0]! + 3 * Math.sin(6 * x[1]!) + 5 * x[2]! * x[3]! + 0.1 * random.normal();
    if (random.float64() < missing) x[2] = Number.NaN;
  }
  return { rows, columns, features, targets };
}

export function largestRelativeDifference(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  return Math.max(...Array.from(theirs, (value, i) => Math.abs(ours[i]! - value) / Math.max(1, Math.abs(value))));
}

export function rootMeanSquare(predictions: ArrayLike<number>, targets: Float32Array): number {
  return Math.sqrt(targets.reduce((sum, target, i) => sum + (predictions[i]! - target) ** 2, 0) / targets.length);
}
