import type { Row } from '../base/columns.js';
import type { OnNote } from '../base/progress.js';
import { readCatalogue } from '../records/catalogue.js';
import { describeDevices } from '../records/data-sheet.js';
import { readRecords } from '../records/read.js';

export interface PredictorRecords {
  rows: Row[];
  columns: string[];
}

/**
 * Records as the predictor takes them: with hardware columns, and with those of data sheets, by `gpu_name`. Errors as
 * `readRecords` and `joinHardware`.
 */
export async function readPredictorRecords(
  files: readonly string[],
  required: readonly string[],
  { includeEmulated, onNote }: { includeEmulated?: boolean | undefined; onNote?: OnNote | undefined } = {},
): Promise<PredictorRecords> {
  const table = await readRecords(files, { required, includeEmulated });
  if (table.ignored > 0) onNote?.(`${table.ignored} records are not ok and were left out.`);
  if (table.emulated > 0) {
    onNote?.(
      `${table.emulated} records have an emulated accelerator and were left out: --include-emulated takes them too.`,
    );
  }
  return { rows: describedRows(table.rows), columns: table.columns };
}

/** The rows, with whatever the catalogue knows of their GPUs added to them. Errors as `joinHardware`. */
export const describedRows = (rows: Row[]): Row[] => describeDevices(rows, readCatalogue());
