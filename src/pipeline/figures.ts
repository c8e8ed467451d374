import { existsSync } from 'node:fs';
import type { Row } from '../base/columns.js';
import { InputError } from '../base/errors.js';
import type { OnProgress } from '../base/progress.js';
import {
  type FamilyInputs,
  type Figure,
  type FigureFormat,
  type LeftOut,
  planFigures,
  renderFigure,
  storageFigureColumns,
} from '../figures/index.js';
import { readRecords } from '../records/read.js';
import type { OutputFolder } from './output-folder.js';
import { familiesWithRecords, recordsFilesOf } from './records-files.js';
import { readTables } from './tables.js';

export interface DrawnFigures {
  figures: { name: string; title: string; caption: string; files: string[] }[];
  leftOut: LeftOut[];
}

/** What a results folder holds for the figures: records and tables of each family. */
export async function figureInputs(from: OutputFolder): Promise<FamilyInputs[]> {
  const inputs: FamilyInputs[] = [];
  for (const family of familiesWithRecords(from)) {
    const { rows } = await readRecords(recordsFilesOf(family, from), {
      family,
      required: ['model', 'batch_size'],
      everything: true,
    });
    inputs.push({ family, records: rows, tables: await readTables(from, family) });
  }
  return inputs;
}

/** Rows of `storage.csv`; null where storage was not measured. */
async function readStorageTable(from: OutputFolder): Promise<Row[] | null> {
  const file = from.file('storage.csv');
  if (!existsSync(file)) return null;
  return (await readRecords([file], { required: storageFigureColumns, everything: true })).rows;
}

/** The figures that a results folder allows. @throws InputError where it holds no records. */
export async function planFiguresOf(from: OutputFolder): Promise<{ figures: Figure[]; leftOut: LeftOut[] }> {
  const families = await figureInputs(from);
  const storage = await readStorageTable(from);
  if (families.length === 0 && storage === null) {
    throw new InputError(
      `${from.path} holds no records (CNN_*.csv, MLP_*.csv, Transformer_*.csv, storage.csv): run 'orion-bench generate' or 'orion-bench storage' first, or name another folder with --from.`,
    );
  }
  return planFigures(storage === null ? { families } : { families, storage });
}

/** Draws every figure that `from` allows into `out`/figures: the specification always, pictures in the formats asked for. */
export async function drawFigures(
  from: OutputFolder,
  out: OutputFolder,
  formats: readonly FigureFormat[],
  onProgress?: OnProgress,
): Promise<DrawnFigures> {
  const { figures, leftOut } = await planFiguresOf(from);
  const drawn: DrawnFigures = { figures: [], leftOut };
  for (const [done, { name, title, caption, spec }] of figures.entries()) {
    onProgress?.({ stage: 'figures', done, total: figures.length, detail: name });
    const pictures = await renderFigure(spec, [...formats]);
    const files = [out.write(`figures/${name}.vl.json`, `${JSON.stringify(spec, null, 2)}\n`)];
    for (const format of formats) files.push(out.write(`figures/${name}.${format}`, pictures[format]!));
    drawn.figures.push({ name, title, caption, files });
  }
  return drawn;
}
