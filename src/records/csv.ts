import { InputError } from '../base/errors.js';
import { CsvDefect, type CsvRecord, CsvScanner } from './csv-scanner.js';
import { excerpt } from './excerpt.js';
import { textOf } from './text-file.js';

export type { CsvRecord } from './csv-scanner.js';

/** The cells of a CSV file as text. */
export interface CsvContents {
  header: string[];
  /** Line of the file that the header starts on. */
  headerLine: number;
  /** Each has as many cells as the header. */
  records: CsvRecord[];
}

function checkHeader(file: string, line: number, header: readonly string[]): void {
  const seen = new Set<string>();
  for (const [index, name] of header.entries()) {
    if (name === '') {
      throw new InputError(`${file}, line ${line}: column ${index + 1} has no name; give every column a name.`);
    }
    if (seen.has(name)) {
      throw new InputError(`${file}, line ${line}: the column '${excerpt(name)}' appears twice; keep one of them.`);
    }
    seen.add(name);
  }
}

const count = (cells: number): string => `${cells} cell${cells === 1 ? '' : 's'}`;

function checkLength(file: string, header: readonly string[], { line, cells }: CsvRecord): void {
  if (cells.length === header.length) return;
  const firstWithout = header[cells.length];
  const which =
    firstWithout === undefined
      ? `cell ${header.length + 1} has no column`
      : `column '${excerpt(firstWithout)}' is the first without one`;
  throw new InputError(
    `${file}, line ${line}: ${count(cells.length)} where the header has ${header.length}, ${which}; ` +
      'give every line one cell per column.',
  );
}

function sentenceOf(
  file: string,
  { line, cell, message }: CsvDefect,
  header: readonly string[] | undefined,
): InputError {
  const name = header?.[cell];
  const column = name === undefined ? `column ${cell + 1}` : `column '${excerpt(name)}'`;
  return new InputError(`${file}, line ${line}, ${column}: ${message}.`);
}

/**
 * Reads a CSV file (comma, a header line; UTF-8 or UTF-16; a byte order mark and any line ends are accepted) piece by
 * piece: each piece has some of the records, or none.
 * Throws InputError, naming file, line and column, if it is missing, unreadable or empty (a header alone may pass), is
 * not CSV, names a column twice, or a line has more or fewer cells than the header.
 */
export async function* csvPieces(file: string, mayBeEmpty = false): AsyncGenerator<CsvContents> {
  const scanner = new CsvScanner();
  let header: string[] | undefined;
  let headerLine = 1;
  let found = 0;
  const take = (scanned: Iterable<CsvRecord>): CsvRecord[] => {
    const records: CsvRecord[] = [];
    for (const record of scanned) {
      if (header) {
        checkLength(file, header, record);
        records.push(record);
      } else {
        headerLine = record.line;
        header = record.cells.map((name) => name.trim());
        checkHeader(file, headerLine, header);
      }
    }
    found += records.length;
    return records;
  };
  try {
    for await (const text of textOf(file)) {
      const records = take(scanner.push(text));
      if (header) yield { header, headerLine, records };
    }
    const records = take(scanner.end());
    if (header) yield { header, headerLine, records };
  } catch (error) {
    throw error instanceof CsvDefect ? sentenceOf(file, error, header) : error;
  }
  if (!header) throw new InputError(`${file} is empty: expected a header line and at least one record.`);
  if (found === 0 && !mayBeEmpty) {
    throw new InputError(`${file}, line ${headerLine}: the file has a header but no record.`);
  }
}

/** As `csvPieces`, the whole file at once. */
export async function readCsv(file: string, mayBeEmpty = false): Promise<CsvContents> {
  const pieces: CsvContents[] = [];
  for await (const piece of csvPieces(file, mayBeEmpty)) pieces.push(piece);
  return { ...pieces[0]!, records: pieces.flatMap(({ records }) => records) };
}
