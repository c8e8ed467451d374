import { writeToBuffer } from 'fast-csv';
import type { Cell, Row } from '../base/columns.js';
import { replaceFile } from './replace-file.js';

/** Booleans in pandas' spelling, numbers in the shortest form that reads back the same, no value as an empty cell. */
function cellText(cell: Cell | undefined): string {
  if (cell === null || cell === undefined || Number.isNaN(cell)) return '';
  if (typeof cell === 'boolean') return cell ? 'True' : 'False';
  if (cell === Number.POSITIVE_INFINITY) return 'inf';
  if (cell === Number.NEGATIVE_INFINITY) return '-inf';
  return String(cell);
}

async function writeCsv(file: string, columns: readonly string[], rows: string[][]): Promise<void> {
  const contents = await writeToBuffer(rows, {
    headers: [...columns],
    alwaysWriteHeaders: true,
    includeEndRowDelimiter: true,
  });
  await replaceFile(file, contents);
}

/** Writes records as CSV with these columns, in this order. The file is replaced whole; errors as `replaceFile`. */
export async function writeRecords(file: string, columns: readonly string[], rows: readonly Row[]): Promise<void> {
  const cells = rows.map((row) => columns.map((column) => cellText(row[column])));
  await writeCsv(file, columns, cells);
}

/** Writes a result table (`src/base/tables.ts`) as CSV. The file is replaced whole; errors as `replaceFile`. */
export async function writeTable<Entry extends object>(
  file: string,
  columns: readonly (keyof Entry & string)[],
  rows: readonly Entry[],
): Promise<void> {
  const cells = rows.map((row) => columns.map((column) => cellText(row[column] as Cell | undefined)));
  await writeCsv(file, columns, cells);
}
