import type { Row } from '../base/columns.js';
import type { OnNote } from '../base/progress.js';
import { type CatalogueEntry, readCatalogue } from '../records/catalogue.js';
import { deviceDescriber } from '../records/data-sheet.js';
import { readNotedRecords } from './noted-records.js';

/**
 * Records as the predictor takes them: with hardware columns, and with those of data sheets, by `gpu_name`. Errors as
 * `readRecords` and `joinHardware`.
 */
export async function readPredictorRecords(
  files: readonly string[],
  required: readonly string[],
  { includeEmulated, onNote }: { includeEmulated?: boolean | undefined; onNote?: OnNote | undefined } = {},
): Promise<Row[]> {
  return describedRows((await readNotedRecords(files, { required, includeEmulated }, onNote)).rows);
}

/** The rows, with whatever the catalogue knows of their GPUs added to them. Errors as `joinHardware`. */
export const describedRows = (rows: Row[], catalogue: readonly CatalogueEntry[] = readCatalogue()): Row[] =>
  deviceDescriber(catalogue)(rows);
