import type { Row } from '../base/columns.js';

/** A file without a `status` column holds measured trials only. */
export const isMeasured = (row: Row): boolean => row.status === undefined || row.status === null || row.status === 'ok';

export const numberIn = (row: Row, column: string): number | null => {
  const cell = row[column];
  return typeof cell === 'number' && Number.isFinite(cell) ? cell : null;
};

export const textIn = (row: Row, column: string): string => {
  const cell = row[column];
  return cell === null || cell === undefined || cell === '' ? '–' : String(cell);
};
