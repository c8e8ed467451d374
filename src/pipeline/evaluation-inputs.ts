import type { EvaluatedFamily } from '../base/columns.js';
import type { OnNote, OnProgress } from '../base/progress.js';
import { defaultRecipeNames, type EvaluatedRecipe } from '../base/recipe-names.js';
import type { AblationRow, MetricsRow } from '../base/tables.js';
import { ablation } from '../evaluate/ablation.js';
import { resamples } from '../evaluate/bootstrap.js';
import type { Fold } from '../evaluate/folds.js';
import { requiredColumns, requiredOfAny } from '../evaluate/held-out.js';
import { type LeftOutRecipe, possibleRecipes } from '../evaluate/recipe-needs.js';
import { readCatalogue } from '../records/catalogue.js';
import { withHardware } from '../records/hardware.js';
import type { RecordTable } from '../records/read.js';
import { readNotedRecords } from './noted-records.js';
import type { OutputFolder } from './output-folder.js';
import { writeAblation } from './tables.js';

/** What an evaluation is asked for, whatever its protocol. */
export interface EvaluationRequest {
  family: EvaluatedFamily;
  files: readonly string[];
  /** Rows with an emulated accelerator too, which are left out otherwise. */
  includeEmulated?: boolean | undefined;
  onNote?: OnNote | undefined;
  /** `defaultRecipeNames` where absent. */
  recipes?: readonly EvaluatedRecipe[] | undefined;
  /** `key=value,...` by XGBoost's names; the published hyper-parameters where absent. */
  booster?: string | undefined;
  /** What each ingredient of the predictor is worth, too. */
  ablation?: boolean | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: OnProgress | undefined;
}

/** What every evaluation gives beside its tables. */
export interface Evaluation {
  metrics: MetricsRow[];
  /** null where it was not asked for. */
  ablation: AblationRow[] | null;
}

/** What an evaluation has to work with. */
export interface EvaluationInputs {
  /** Records that can be evaluated, hardware columns filled. */
  table: RecordTable;
  recipes: readonly EvaluatedRecipe[];
  /** What was asked for and these records do not allow. */
  leftOut: LeftOutRecipe[];
}

/**
 * Reads the records of a family, or any records, with the recipes that they allow. Notes what is left out. Errors as
 * `readRecords`, `joinHardware` and `possibleRecipes`.
 */
export async function evaluationInputs({
  family,
  files,
  recipes = defaultRecipeNames,
  includeEmulated,
  onNote,
}: EvaluationRequest): Promise<EvaluationInputs> {
  const scope = family === 'any' ? { required: requiredOfAny } : { family, required: requiredColumns };
  const table = withHardware(await readNotedRecords(files, { ...scope, includeEmulated }, onNote), readCatalogue());
  const { possible, leftOut } = possibleRecipes(table, recipes, family === 'any');
  for (const { recipe, reason } of leftOut) onNote?.(`The recipe ${recipe} is left out: ${reason}.`);
  return { table, recipes: possible, leftOut };
}

/** For a result document: recipes that were asked for and left out, with the reason; nothing where there are none. */
export const leftOutRecipes = ({ leftOut }: EvaluationInputs) =>
  leftOut.length === 0 ? {} : { recipes_left_out: leftOut };

/** For a result document: what the records were obtained from. */
export function aboutRecords({ rows }: RecordTable): string {
  const synthetic = rows.filter((row) => row.data === 'synthetic').length;
  const emulated = rows.filter((row) => row.timing === 'emulated').length;
  return `${synthetic} of ${rows.length} on synthetic data, ${emulated} with an emulated accelerator`;
}

/** For a result document: how the metrics' intervals come about. */
export const aboutIntervals = (seed: number): string =>
  `95 % percentile intervals of ${resamples} bootstrap draws (seed ${seed}) of configurations, whose rows differ only in learning rate or optimizer`;

/** What the ingredients of the predictor are worth in these folds, also as a file; null where that is not asked for. */
export async function ablationOf(
  out: OutputFolder,
  evaluation: string,
  folds: () => readonly Fold[],
  { table }: EvaluationInputs,
  { ablation: asked, signal, onProgress }: EvaluationRequest,
): Promise<AblationRow[] | null> {
  if (!asked) return null;
  const rows = await ablation(table, folds(), {
    ...(signal ? { signal } : {}),
    onProgress: ({ done, total }) => onProgress?.({ stage: `${evaluation} ablation`, done, total }),
  });
  await writeAblation(out, evaluation, rows);
  return rows;
}
