import type { Row } from '../base/columns.js';

/** The first of these columns that holds a positive, finite number; null where none does. */
export function positiveIn(row: Row, ...columns: string[]): number | null {
  for (const column of columns) {
    const cell = row[column];
    if (typeof cell === 'number' && Number.isFinite(cell) && cell > 0) return cell;
  }
  return null;
}

/** As `positiveIn`, zero included. */
export function countIn(row: Row, column: string): number | null {
  const cell = row[column];
  return typeof cell === 'number' && Number.isFinite(cell) && cell >= 0 ? cell : null;
}

export function textIn(row: Row, column: string): string | null {
  const cell = row[column];
  return typeof cell === 'string' && cell !== '' ? cell : null;
}
