import { InputError } from '../base/errors.js';

/** Order of names in every figure: as people sort them, numbers by value (8 before 16). */
export const byName = new Intl.Collator('en', { numeric: true }).compare;

/** Rows by key, keys in the order of `byName`. */
export function groupBy<T>(rows: readonly T[], key: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const name = key(row);
    const group = groups.get(name);
    if (group) group.push(row);
    else groups.set(name, [row]);
  }
  return new Map([...groups].sort(([a], [b]) => byName(a, b)));
}

/** Milliseconds: 30,000 years. Far beyond it Vega writes Infinity into its own expressions. */
const largest = 1e15;

/** A number that can be drawn. Throws InputError, naming the table's column and the row, for anything else. */
export function drawableNumber(value: unknown, column: string, where: string): number {
  if (typeof value === 'number' && Math.abs(value) <= largest) return value;
  throw new InputError(
    `Figure: ${column} of ${where} is ${String(value)}; expected a finite number of at most 1e15: leave such rows out or mark them as failed.`,
  );
}
