import { existsSync } from 'node:fs';
import { type EvaluatedFamily, evaluatedFamilies, type Row } from '../base/columns.js';
import type { FamilyInputs } from '../figures/index.js';
import { readRecords } from '../records/read.js';
import type { OutputFolder } from './output-folder.js';
import { recordsFilesOf } from './records-files.js';

/**
 * The rows of a table that a command wrote earlier; none where it did not. Keys have a value in every row, other cells are
 * empty where a recipe was not evaluated.
 */
async function rowsOf<Entry extends object>(
  from: OutputFolder,
  name: string,
  keys: readonly (keyof Entry & string)[],
  values: readonly (keyof Entry & string)[],
): Promise<Entry[]> {
  const file = from.file(name);
  if (!existsSync(file)) return [];
  const { rows } = await readRecords([file], { required: [...keys, ...values], keys, everything: true });
  return rows as unknown as Entry[];
}

const errors = ['RMSE_ORION_ms', 'RMSE_PreNeT_ms'] as const;

/** Records are of one family each: what was evaluated as `any` lies in files of whatever name. */
async function recordsOf(family: EvaluatedFamily, from: OutputFolder): Promise<Row[]> {
  if (family === 'any') return [];
  const files = recordsFilesOf(family, from);
  if (files.length === 0) return [];
  return (await readRecords(files, { family, required: ['model', 'batch_size'], everything: true })).rows;
}

async function inputsOf(family: EvaluatedFamily, from: OutputFolder): Promise<FamilyInputs> {
  return {
    family,
    records: await recordsOf(family, from),
    overall: await rowsOf(from, `rmse_${family}_overall.csv`, ['model'], errors),
    predictions: await rowsOf(
      from,
      `predictions_${family}.csv`,
      ['gpu_name', 'model', 'batch_size', 'fold', 'actual_ms'],
      ['pred_orion_ms'],
    ),
    unseen: await rowsOf(from, `logo_${family}_summary.csv`, ['GPU'], errors),
  };
}

const holdsAnything = ({ records, overall, predictions, unseen }: FamilyInputs): boolean =>
  [records, overall, predictions, unseen].some((rows) => rows.length > 0);

/** What a results folder holds for the figures: records and tables of each family, and of `any`, that it has some of. */
export async function figureInputs(from: OutputFolder): Promise<FamilyInputs[]> {
  const inputs: FamilyInputs[] = [];
  for (const family of evaluatedFamilies) inputs.push(await inputsOf(family, from));
  return inputs.filter(holdsAnything);
}
