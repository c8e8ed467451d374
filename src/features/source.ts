import { columnsOf, type EvaluatedFamily, type Row } from '../base/columns.js';
import { Frame } from './frame.js';

/** The rows that a recipe sees: all of a file, the held-out ones too (the recipes use no target). */
export interface FeatureSource {
  /** With `any`, rows that are all of one family have that family's features; others have those of all. */
  family: EvaluatedFamily;
  /** Columns of the file, in its order. */
  columns: readonly string[];
  rows: readonly Row[];
}

const listed = new Map(columnsOf('any').map((column) => [column.name, column]));

// In foreign columns: times, rates over time, and what the original names T_...
const measuredName = /(^T_)|(_(ns|us|ms|s|sec|seconds|mbps)$)|(_per_(s|sec|second)(_|$))|((^|_)time(_|$))/i;

/** Whether a column of a file may be a feature: neither measured nor provenance. */
export function mayBeFeature(column: string): boolean {
  const known = listed.get(column);
  if (known) return known.type !== 'text' && known.group !== 'timing' && known.group !== 'provenance';
  return !measuredName.test(column);
}

/** A column's numbers (booleans as 0 and 1, absent as NaN), or null where it holds text. */
export function numericColumn(rows: readonly Row[], column: string): Float64Array | null {
  const values = new Float64Array(rows.length);
  for (const [index, row] of rows.entries()) {
    const cell = row[column] ?? null;
    if (typeof cell === 'string') return null;
    values[index] = cell === null ? Number.NaN : Number(cell);
  }
  return values;
}

/** A column's texts; null where there is none or the column is absent. */
export function textColumn(rows: readonly Row[], column: string): (string | null)[] {
  return rows.map((row) => (typeof row[column] === 'string' ? row[column] : null));
}

/** The numeric columns of the file that may be features, in its order. */
export function baseFrame({ columns, rows }: FeatureSource): Frame {
  const frame = new Frame(rows.length);
  for (const column of columns.filter(mayBeFeature)) {
    const values = numericColumn(rows, column);
    if (values) frame.set(column, values);
  }
  return frame;
}
