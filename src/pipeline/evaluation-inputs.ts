import type { Family } from '../base/columns.js';
import type { OnNote, OnProgress } from '../base/progress.js';
import type { EvaluatedRecipe } from '../base/recipe-names.js';
import { resamples } from '../evaluate/bootstrap.js';
import { requiredColumns } from '../evaluate/held-out.js';
import { readCatalogue } from '../records/catalogue.js';
import { withHardware } from '../records/hardware.js';
import type { RecordTable } from '../records/read.js';
import { readNotedRecords } from './noted-records.js';

export interface EvaluationFiles {
  family: Family;
  files: readonly string[];
  /** Rows with an emulated accelerator too, which are left out otherwise. */
  includeEmulated?: boolean | undefined;
  onNote?: OnNote | undefined;
}

/** What an evaluation is asked for, whatever its protocol. */
export interface EvaluationRequest extends EvaluationFiles {
  /** `defaultRecipeNames` where absent. */
  recipes?: readonly EvaluatedRecipe[] | undefined;
  /** `key=value,...` by XGBoost's names; the published hyper-parameters where absent. */
  booster?: string | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: OnProgress | undefined;
}

/** The records of a family that can be evaluated, hardware columns filled; notes what is left out. */
export async function readEvaluated({ family, files, includeEmulated, onNote }: EvaluationFiles): Promise<RecordTable> {
  const table = await readNotedRecords(files, { family, required: requiredColumns, includeEmulated }, onNote);
  return withHardware(table, readCatalogue());
}

/** For a result document: what the records were obtained from. */
export function aboutRecords({ rows }: RecordTable): string {
  const synthetic = rows.filter((row) => row.data === 'synthetic').length;
  const emulated = rows.filter((row) => row.timing === 'emulated').length;
  return `${synthetic} of ${rows.length} on synthetic data, ${emulated} with an emulated accelerator`;
}

/** For a result document: how the metrics' intervals come about. */
export const aboutIntervals = (seed: number): string =>
  `95 % percentile intervals of ${resamples} bootstrap draws (seed ${seed}) of configurations, whose rows differ only in learning rate or optimizer`;
