import { existsSync } from 'node:fs';
import type { Family } from '../base/columns.js';
import type { FamilyTables } from '../base/tables.js';
import { configurationColumns, overallColumns, predictionColumns } from '../evaluate/table-columns.js';
import { readRecords } from '../records/read.js';
import { writeTable } from '../records/write.js';
import type { OutputFolder } from './output-folder.js';

type ColumnsOf<Entry> = readonly (keyof Entry & string)[];

const fileNames = (family: Family) => ({
  overall: `rmse_${family}_overall.csv`,
  configurations: `rmse_${family}.csv`,
  predictions: `predictions_${family}.csv`,
});

/** Writes the tables of one family's cross-validation as CSV. */
export async function writeTables(out: OutputFolder, { family, ...tables }: FamilyTables): Promise<void> {
  const names = fileNames(family);
  await writeTable(out.file(names.overall), overallColumns, tables.overall);
  await writeTable(out.file(names.configurations), configurationColumns, tables.configurations);
  await writeTable(out.file(names.predictions), predictionColumns, tables.predictions);
}

async function readTable<Entry>(
  file: string,
  columns: ColumnsOf<Entry>,
  optional: ColumnsOf<Entry> = [],
): Promise<Entry[]> {
  const required = columns.filter((column) => !optional.includes(column));
  const { rows } = await readRecords([file], { required, everything: true });
  return rows as Entry[];
}

/** The tables of one family from an earlier evaluation; null where there was none. */
export async function readTables(out: OutputFolder, family: Family): Promise<FamilyTables | null> {
  const names = fileNames(family);
  if (!Object.values(names).every((name) => existsSync(out.file(name)))) return null;
  return {
    family,
    overall: await readTable(out.file(names.overall), overallColumns),
    configurations: await readTable(out.file(names.configurations), configurationColumns),
    predictions: await readTable(out.file(names.predictions), predictionColumns, [
      'vcpu',
      'storage',
      'dataset',
      'record_id',
    ]),
  };
}
