import { type Cell, type CellType, columnsOf, type Family, families, familyLabel, type Row } from '../base/columns.js';
import { InputError } from '../base/errors.js';
import { inferType, parseCell, typeNames } from './cells.js';
import { type CsvContents, type CsvRecord, readCsv } from './csv.js';
import { excerpt } from './excerpt.js';
import { requireColumns } from './required-columns.js';

/** Records of one or several files, as one table. */
export interface RecordTable {
  /** Union of the files' columns: those of the first file in its order, then what later files add. */
  columns: string[];
  /** Rows whose `status` is ok or that have none (with `everything`, all); null where a file lacks a column. */
  rows: Row[];
  files: string[];
  /** Rows left out because their `status` is not ok. */
  ignored: number;
  /** Rows left out because their accelerator was emulated. */
  emulated: number;
}

export interface ReadOptions {
  /** Every row must belong to it (column `architecture`, where there is one). */
  family?: Family;
  /** Columns that every file must have, with a value in every row that is ok. */
  required: readonly string[];
  /** Those of them that have a value in every row with `everything`, too: what names a row of a result table. */
  keys?: readonly string[];
  /** Failed and skipped rows too, unchecked, and files without any row: for showing what there is, not for fitting. */
  everything?: boolean;
  /** Rows whose `timing` is emulated too. They are left out otherwise, unless `everything` is asked for. */
  includeEmulated?: boolean | undefined;
}

interface File extends CsvContents {
  name: string;
}

function knownTypes(family: Family | undefined): Map<string, CellType> {
  const listed = family ? [family] : families;
  return new Map(listed.flatMap((each) => columnsOf(each)).map(({ name, type }) => [name, type]));
}

/** Types of all columns: the known ones as listed, the others from all their cells. */
function columnTypes(files: File[], columns: string[], family: Family | undefined): Map<string, CellType> {
  const types = knownTypes(family);
  for (const column of columns) {
    if (types.has(column)) continue;
    const cells = files.flatMap(({ header, records }) => {
      const index = header.indexOf(column);
      return index < 0 ? [] : records.map((record) => record.cells[index]!);
    });
    types.set(column, inferType(cells));
  }
  return types;
}

function typedCell(text: string, type: CellType, file: string, line: number, column: string): Cell {
  const value = parseCell(text, type);
  if (value !== undefined) return value;
  throw new InputError(
    `${file}, line ${line}, column '${excerpt(column)}': expected ${typeNames[type]}, found '${excerpt(text)}'.`,
  );
}

/** @param empty a row of the table without values: a copy of it is made faster than a row column by column */
function rowOf(file: File, record: CsvRecord, empty: Row, types: readonly CellType[]): Row {
  const row: Row = { ...empty };
  for (const [index, column] of file.header.entries()) {
    row[column] = typedCell(record.cells[index]!, types[index]!, file.name, record.line, column);
  }
  return row;
}

const isOk = (row: Row): boolean => row.status === undefined || row.status === null || row.status === 'ok';

function checkValues(row: Row, file: string, line: number, columns: readonly string[]): void {
  for (const column of columns) {
    if (row[column] !== null) continue;
    throw new InputError(`${file}, line ${line}, column '${column}': a value is required, the cell is empty.`);
  }
}

function checkRow(row: Row, file: string, line: number, { family, required }: ReadOptions): void {
  checkValues(row, file, line, required);
  const architecture = row.architecture;
  if (family && typeof architecture === 'string' && architecture !== familyLabel[family]) {
    throw new InputError(
      `${file}, line ${line}, column 'architecture': expected ${familyLabel[family]}, found '${excerpt(architecture)}'; ` +
        'evaluate each family with its own files.',
    );
  }
}

function nothingLeft({ files, ignored, emulated }: RecordTable): InputError {
  const names = files.join(', ');
  return emulated === 0
    ? new InputError(`${names}: none of the ${ignored} records has the status ok.`)
    : new InputError(
        `${names}: all ${emulated} records that are ok have an emulated accelerator; take them with --include-emulated.`,
      );
}

/**
 * Reads record files. Known columns have the types of `columnsOf`; others are kept, with a type inferred from their
 * cells. Throws InputError naming file, line and column for whatever does not fit.
 */
export async function readRecords(files: readonly string[], options: ReadOptions): Promise<RecordTable> {
  if (files.length === 0) throw new InputError('No records file was given: name at least one CSV file.');
  const contents: File[] = [];
  for (const name of files) contents.push({ name, ...(await readCsv(name, options.everything)) });
  for (const { name, headerLine, header } of contents) requireColumns(name, headerLine, header, options.required);

  const columns = [...new Set(contents.flatMap(({ header }) => header))];
  const types = columnTypes(contents, columns, options.family);
  const table: RecordTable = { columns, rows: [], files: [...files], ignored: 0, emulated: 0 };
  const empty: Row = Object.fromEntries(columns.map((column) => [column, null]));
  for (const file of contents) {
    const typesOfCells = file.header.map((column) => types.get(column)!);
    for (const record of file.records) {
      const row = rowOf(file, record, empty, typesOfCells);
      checkValues(row, file.name, record.line, options.keys ?? []);
      if (!isOk(row)) {
        if (options.everything) table.rows.push(row);
        else table.ignored++;
        continue;
      }
      if (row.timing === 'emulated' && !options.includeEmulated && !options.everything) {
        table.emulated++;
        continue;
      }
      checkRow(row, file.name, record.line, options);
      table.rows.push(row);
    }
  }
  if (table.rows.length === 0 && !options.everything) throw nothingLeft(table);
  return table;
}
