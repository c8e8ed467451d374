import { type Cell, type CellType, type Family, familyLabel, type Row } from '../base/columns.js';
import { InputError } from '../base/errors.js';
import { parseCell, parseInferred, typeNames } from './cells.js';
import type { CsvContents } from './csv.js';
import { excerpt } from './excerpt.js';

export interface ReadOptions {
  /** Every row must belong to it (column `architecture`, where there is one). */
  family?: Family | undefined;
  /** Columns that every file must have, with a value in every row that is ok. */
  required: readonly string[];
  /**
   * Those of them that have a value in every row, whatever its status: what names a row of a result table, whose other cells
   * may be empty. Default: all of them, in rows that are ok.
   */
  keys?: readonly string[];
  /** Failed and skipped rows too, unchecked, and files without any row: for showing what there is, not for fitting. */
  everything?: boolean;
  /** Columns that all rows have, with those that decide on a row; cells of listed columns are checked in any case. Default: all. */
  wanted?: readonly string[];
  /** Rows whose `timing` is emulated too. They are left out otherwise, unless `everything` is asked for. */
  includeEmulated?: boolean | undefined;
}

/** Types of the columns of a table. */
export interface ColumnTypes {
  /** Of every column, by name. */
  types: ReadonlyMap<string, CellType>;
  /** Columns whose type was guessed from a part of their cells. */
  guessed: ReadonlySet<string>;
}

/** A cell that does not have the type that was guessed for its column. */
export class WrongGuess extends Error {}

interface CellReader {
  column: string;
  /** Of its cell in a record. */
  index: number;
  /** Whether rows have the column; else its cells are checked only. */
  kept: boolean;
  read: (text: string, line: number) => Cell;
}

const isOk = (row: Row): boolean => row.status === undefined || row.status === null || row.status === 'ok';

function checkValues(row: Row, file: string, line: number, columns: readonly string[]): void {
  for (const column of columns) {
    if (row[column] !== null) continue;
    throw new InputError(`${file}, line ${line}, column '${column}': a value is required, the cell is empty.`);
  }
}

function checkRow(row: Row, file: string, line: number, { family, required, keys }: ReadOptions): void {
  checkValues(row, file, line, keys ?? required);
  const architecture = row.architecture;
  if (family && typeof architecture === 'string' && architecture !== familyLabel[family]) {
    throw new InputError(
      `${file}, line ${line}, column 'architecture': expected ${familyLabel[family]}, found '${excerpt(architecture)}'; ` +
        "evaluate each family with its own files, or all together as 'any'.",
    );
  }
}

/** Makes rows of the records of CSV files, and counts those that are left out. */
export class RowMaker {
  /** Rows left out because their `status` is not ok. */
  ignored = 0;
  /** Rows left out because their accelerator was emulated. */
  emulated = 0;
  readonly #options: ReadOptions;
  readonly #columnTypes: ColumnTypes;
  /** Without values: a copy of it is made faster than a row column by column. */
  readonly #empty: Row;

  /** @param columns of every row, whichever file it comes from */
  constructor(columns: readonly string[], columnTypes: ColumnTypes, options: ReadOptions) {
    this.#options = options;
    this.#columnTypes = columnTypes;
    this.#empty = Object.fromEntries(columns.map((column) => [column, null]));
  }

  /** The rows that are not left out. Throws InputError for a cell that does not fit, WrongGuess where its type was guessed. */
  rowsOf(file: string, { header, records }: CsvContents): Row[] {
    const { everything, includeEmulated, keys = [] } = this.#options;
    const readers = header.flatMap((column, index) => this.#reader(file, column, index));
    const rows: Row[] = [];
    for (const { line, cells } of records) {
      const row: Row = { ...this.#empty };
      for (const { column, index, kept, read } of readers) {
        const cell = read(cells[index]!, line);
        if (kept) row[column] = cell;
      }
      checkValues(row, file, line, keys);
      const ok = isOk(row);
      if (!ok && !everything) this.ignored++;
      else if (ok && row.timing === 'emulated' && !includeEmulated && !everything) this.emulated++;
      else {
        if (ok) checkRow(row, file, line, this.#options);
        rows.push(row);
      }
    }
    return rows;
  }

  /** [] for a column that is neither kept nor checked. */
  #reader(file: string, column: string, index: number): CellReader[] {
    const kept = column in this.#empty;
    const guessed = this.#columnTypes.guessed.has(column);
    if (!kept && guessed) return [];
    const type = this.#columnTypes.types.get(column)!;
    return [
      {
        column,
        index,
        kept,
        read: rememberingLast((text, line) => {
          const cell = (guessed ? parseInferred : parseCell)(text, type);
          if (cell !== undefined) return cell;
          if (guessed) throw new WrongGuess(column);
          throw new InputError(
            `${file}, line ${line}, column '${excerpt(column)}': expected ${typeNames[type]}, found '${excerpt(text)}'.`,
          );
        }),
      },
    ];
  }
}

/** Cells of a column often repeat the one above them. */
function rememberingLast(read: CellReader['read']): CellReader['read'] {
  let lastText = '';
  let lastCell: Cell = null;
  return (text, line) => {
    if (text === lastText) return lastCell;
    lastCell = read(text, line);
    lastText = text;
    return lastCell;
  };
}
