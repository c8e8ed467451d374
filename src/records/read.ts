import type { Row } from '../base/columns.js';
import { InputError } from '../base/errors.js';
import { ColumnTypeInference } from './column-types.js';
import { type CsvContents, csvPieces, readCsv } from './csv.js';
import { requireColumns } from './required-columns.js';
import { type ColumnTypes, type ReadOptions, RowMaker, WrongGuess } from './row-maker.js';

export type { ReadOptions } from './row-maker.js';

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

interface File extends CsvContents {
  name: string;
}

function requireFiles(files: readonly string[]): void {
  if (files.length === 0) throw new InputError('No records file was given: name at least one CSV file.');
}

/** Columns of the rows: those that are wanted, else all of the files. Throws InputError where a file lacks a required column. */
function columnsOfFiles(files: readonly File[], { required, wanted }: ReadOptions): string[] {
  for (const { name, headerLine, header } of files) requireColumns(name, headerLine, header, required);
  return [...new Set(wanted ? [...wanted, ...required, 'status', 'timing'] : files.flatMap(({ header }) => header))];
}

function nothingLeft(files: readonly string[], { ignored, emulated }: RowMaker): InputError {
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
  requireFiles(files);
  const contents: File[] = [];
  for (const name of files) contents.push({ name, ...(await readCsv(name, options.everything)) });
  const columns = columnsOfFiles(contents, options);
  const inference = new ColumnTypeInference(options.family);
  for (const each of contents) inference.add(each);
  const maker = new RowMaker(columns, { types: inference.types, guessed: new Set() }, options);
  const rows = contents.flatMap((file) => maker.rowsOf(file.name, file));
  if (rows.length === 0 && !options.everything) throw nothingLeft(files, maker);
  return { columns, rows, files: [...files], ignored: maker.ignored, emulated: maker.emulated };
}

/** The first piece of a file that has a record, if any has. */
async function beginningOf(name: string): Promise<File> {
  let beginning: File | undefined;
  for await (const piece of csvPieces(name)) {
    beginning = { name, ...piece };
    if (piece.records.length > 0) break;
  }
  return beginning!;
}

type BatchOptions = Omit<ReadOptions, 'everything' | 'keys'>;

/** What the beginnings of record files tell of all of their rows. */
export interface RecordPlan {
  /** By file, in their order. */
  headers: string[][];
  /** Of every row. */
  columns: string[];
  /** Types of columns that are not listed are guessed from the first cells. */
  types: ColumnTypes;
}

/** Throws InputError naming file, line and column for a file that is no CSV file or lacks a required column. */
export async function recordPlan(files: readonly string[], options: BatchOptions): Promise<RecordPlan> {
  requireFiles(files);
  const beginnings: File[] = [];
  for (const name of files) beginnings.push(await beginningOf(name));
  const guess = new ColumnTypeInference(options.family);
  for (const each of beginnings) guess.add(each);
  return {
    headers: beginnings.map(({ header }) => header),
    columns: columnsOfFiles(beginnings, options),
    types: { types: guess.types, guessed: guess.inferred },
  };
}

async function* batchesOf(files: readonly string[], columns: string[], types: ColumnTypes, options: ReadOptions) {
  const maker = new RowMaker(columns, types, options);
  let found = 0;
  for (const name of files) {
    for await (const piece of csvPieces(name)) {
      const rows = maker.rowsOf(name, piece);
      found += rows.length;
      yield rows;
    }
  }
  if (found === 0) throw nothingLeft(files, maker);
}

/**
 * As `readRecords`, batch by batch, for files larger than memory. Where a cell does not fit the type that was guessed for
 * its column, `use` fails with WrongGuess, the types are inferred from the whole files and `use` is called once more.
 */
export async function useRecordBatches<Result>(
  files: readonly string[],
  options: BatchOptions,
  use: (batches: AsyncIterable<Row[]>) => Promise<Result>,
): Promise<Result> {
  const { columns, types } = await recordPlan(files, options);
  try {
    return await use(batchesOf(files, columns, types, options));
  } catch (error) {
    if (!(error instanceof WrongGuess)) throw error;
  }
  const inference = new ColumnTypeInference(options.family);
  for (const name of files) for await (const piece of csvPieces(name)) inference.add(piece);
  return use(batchesOf(files, columns, { types: inference.types, guessed: new Set() }, options));
}
