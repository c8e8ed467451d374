import { existsSync } from 'node:fs';
import type { Row } from '../base/columns.js';
import { storageFigureColumns } from '../figures/index.js';
import { readRecords } from '../records/read.js';
import type { OutputFolder } from './output-folder.js';

/** Rows of `storage.csv` for the figure; null where storage was not measured. */
export async function readStorageTable(from: OutputFolder): Promise<Row[] | null> {
  const file = from.file('storage.csv');
  if (!existsSync(file)) return null;
  return (await readRecords([file], { required: storageFigureColumns, everything: true })).rows;
}
