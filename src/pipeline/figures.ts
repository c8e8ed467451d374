import { InputError } from '../base/errors.js';
import type { OnProgress } from '../base/progress.js';
import {
  type FamilyInputs,
  type Figure,
  type FigureFormat,
  type LeftOut,
  planFigures,
  renderFigure,
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

/** The figures that a results folder allows. @throws InputError where it holds no records. */
export async function planFiguresOf(from: OutputFolder): Promise<{ figures: Figure[]; leftOut: LeftOut[] }> {
  const families = await figureInputs(from);
  if (families.length === 0) {
    throw new InputError(
      `${from.path} holds no records (CNN_*.csv, MLP_*.csv, Transformer_*.csv): run 'orion-bench generate' first, or name another folder with --from.`,
    );
  }
  return planFigures({ families });
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
