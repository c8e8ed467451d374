import type { FeatureMatrix } from '../features/matrix.js';
import { medianOf } from '../features/statistics.js';

/** What a column was found to be in the training rows. */
export interface PreparedColumn {
  name: string;
  /** Takes the place of a missing value. */
  median: number;
  mean: number;
  /** Population standard deviation (n in the denominator); 1 for a constant column. */
  deviation: number;
}

/** Learnt from training rows alone, so that nothing of a held-out row enters a fit. */
export interface Preparation {
  /** Columns that had a value in a training row; the others are dropped. */
  columns: PreparedColumn[];
}

const finite = (value: number): number => (Number.isFinite(value) ? value : Number.NaN);

/** Deviation to divide by; as scikit-learn's StandardScaler, one within rounding of zero counts as a constant column. */
function scaleOf(values: Float64Array, mean: number): number {
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  const rounding = values.length * Number.EPSILON * variance + (values.length * mean * Number.EPSILON) ** 2;
  return variance <= rounding ? 1 : Math.sqrt(variance);
}

function prepareColumn(name: string, values: Float64Array): PreparedColumn | null {
  const median = medianOf(values);
  if (Number.isNaN(median)) return null;
  const filled = values.map((value) => (Number.isNaN(value) ? median : value));
  const mean = filled.reduce((sum, value) => sum + value, 0) / filled.length;
  return { name, median, mean, deviation: scaleOf(filled, mean) };
}

/** Medians, means and deviations of the training rows (indexes into `matrix`). Infinities count as missing. */
export function fitPreparation(matrix: FeatureMatrix, trainingRows: ArrayLike<number>): Preparation {
  const width = matrix.names.length;
  const columns = matrix.names.map((name, column) =>
    prepareColumn(
      name,
      Float64Array.from(trainingRows, (row) => finite(matrix.data[row * width + column]!)),
    ),
  );
  return { columns: columns.filter((column) => column !== null) };
}

/**
 * The prepared rows: [rows.length, preparation.columns.length], row-major, complete and standardised.
 * Throws RangeError if the matrix lacks a column.
 */
export function prepareRows(preparation: Preparation, matrix: FeatureMatrix, rows: ArrayLike<number>): Float32Array {
  const { columns } = preparation;
  const width = matrix.names.length;
  const sources = columns.map(({ name }) => matrix.names.indexOf(name));
  if (sources.includes(-1)) throw new RangeError(`the matrix lacks the column ${columns[sources.indexOf(-1)]!.name}`);
  const prepared = new Float32Array(rows.length * columns.length);
  for (let index = 0; index < rows.length; index++) {
    for (const [column, { median, mean, deviation }] of columns.entries()) {
      const value = finite(matrix.data[rows[index]! * width + sources[column]!]!);
      prepared[index * columns.length + column] = ((Number.isNaN(value) ? median : value) - mean) / deviation;
    }
  }
  return prepared;
}
