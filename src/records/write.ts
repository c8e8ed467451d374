import { writeToString } from 'fast-csv';
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

type Batches<Entry> = AsyncIterable<readonly Entry[]> | Iterable<readonly Entry[]>;

/** Lines that are handed to the file at once. */
const linesOfWrite = 2000;

const needsQuotes = /[,"\r\n]/;

/** Lines that need no quotes, nearly all of a large file, are joined here: several times as fast as by the library. */
async function csvText(lines: readonly string[][]): Promise<string> {
  let text = '';
  for (const cells of lines) {
    const isPlain = cells.length > 1 && !cells.some((cell) => needsQuotes.test(cell));
    text += isPlain ? `${cells.join()}\n` : await writeToString([cells], { includeEndRowDelimiter: true });
  }
  return text;
}

const cellsOf = <Entry extends object>(columns: readonly (keyof Entry & string)[], row: Entry): string[] =>
  columns.map((column) => cellText(row[column] as Cell | undefined));

async function* linesOf<Entry extends object>(
  columns: readonly (keyof Entry & string)[],
  batches: Batches<Entry>,
): AsyncGenerator<string> {
  let lines: string[][] = [[...columns]];
  for await (const batch of batches) {
    for (const row of batch) {
      lines.push(cellsOf(columns, row));
      if (lines.length < linesOfWrite) continue;
      yield await csvText(lines);
      lines = [];
    }
  }
  if (lines.length > 0) yield await csvText(lines);
}

/** Writes records as CSV with these columns, in this order. The file is replaced whole; errors as `replaceFile`. */
export async function writeRecords(file: string, columns: readonly string[], rows: readonly Row[]): Promise<void> {
  await replaceFile(file, linesOf<Row>(columns, [rows]));
}

/** Writes a result table (`src/base/tables.ts`) as CSV. The file is replaced whole; errors as `replaceFile`. */
export async function writeTable<Entry extends object>(
  file: string,
  columns: readonly (keyof Entry & string)[],
  rows: readonly Entry[],
): Promise<void> {
  await writeTableBatches(file, columns, [rows]);
}

/** As `writeTable`, with rows that come batch by batch; throws what their making throws, too. */
export async function writeTableBatches<Entry extends object>(
  file: string,
  columns: readonly (keyof Entry & string)[],
  batches: Batches<Entry>,
): Promise<void> {
  await replaceFile(file, linesOf(columns, batches));
}

/** The header line of such a table. */
export const headerText = (columns: readonly string[]): Promise<string> => csvText([[...columns]]);

/** The lines of some rows of such a table, without its header. */
export const rowsText = <Entry extends object>(
  columns: readonly (keyof Entry & string)[],
  rows: readonly Entry[],
): Promise<string> => csvText(rows.map((row) => cellsOf(columns, row)));
