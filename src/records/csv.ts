import { createReadStream } from 'node:fs';
import { parse } from 'fast-csv';
import { InputError, messageOf } from '../base/errors.js';

/** The cells of a CSV file as text. */
export interface CsvContents {
  header: string[];
  records: CsvRecord[];
}

export interface CsvRecord {
  /** Line of the file that the record starts on; the header is on line 1. */
  line: number;
  cells: string[];
}

const openFailures: Record<string, string> = {
  ENOENT: 'does not exist: give the path of a records file',
  EACCES: 'may not be read: check its permissions',
  EISDIR: 'is a folder: name the CSV file in it',
};

function unreadable(file: string, error: unknown): InputError {
  const code = (error as NodeJS.ErrnoException).code;
  const why =
    (code && openFailures[code]) ?? `is not readable as CSV (${messageOf(error).replace(/\s+/g, ' ').trim()})`;
  return new InputError(`${file} ${why}.`, { cause: error });
}

/** Records in file order, blank lines left out; a cell may hold line breaks. */
async function* recordsIn(file: string): AsyncGenerator<CsvRecord> {
  let line = 1;
  const source = createReadStream(file);
  const parser = parse({ headers: false });
  source.on('error', (error) => parser.destroy(error));
  try {
    for await (const cells of source.pipe(parser) as AsyncIterable<string[]>) {
      if (cells.some((cell) => cell !== '')) yield { line, cells };
      line += 1;
      for (const cell of cells) line += cell.split('\n').length - 1;
    }
  } catch (error) {
    throw unreadable(file, error);
  } finally {
    source.destroy();
  }
}

function checkHeader(file: string, header: string[]): void {
  const seen = new Set<string>();
  for (const [index, name] of header.entries()) {
    if (name === '') {
      throw new InputError(`${file}, line 1: column ${index + 1} has no name; give every column a name.`);
    }
    if (seen.has(name)) {
      throw new InputError(`${file}, line 1: the column '${name}' appears twice; keep one of them.`);
    }
    seen.add(name);
  }
}

/**
 * Reads a CSV file (UTF-8, comma, a header line; a byte order mark and CRLF line ends are accepted).
 * Throws InputError, naming file and line, if it is missing, unreadable or empty (a header alone may pass), names a column twice, or a line has
 * more or fewer cells than the header.
 */
export async function readCsv(file: string, mayBeEmpty = false): Promise<CsvContents> {
  let header: string[] | undefined;
  const records: CsvRecord[] = [];
  for await (const record of recordsIn(file)) {
    if (!header) {
      header = record.cells.map((name) => name.replace(/^\ufeff/, '').trim());
      checkHeader(file, header);
    } else if (record.cells.length !== header.length) {
      throw new InputError(
        `${file}, line ${record.line}: ${record.cells.length} cells where the header has ${header.length}; ` +
          'give every line one cell per column.',
      );
    } else {
      records.push(record);
    }
  }
  if (!header) throw new InputError(`${file} is empty: expected a header line and at least one record.`);
  if (records.length === 0 && !mayBeEmpty) throw new InputError(`${file} has a header but no record.`);
  return { header, records };
}
