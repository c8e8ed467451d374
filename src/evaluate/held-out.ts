import type { EvaluatedFamily } from '../base/columns.js';
import { InterruptedError } from '../base/errors.js';
import { defaultRecipeNames, type EvaluatedRecipe } from '../base/recipe-names.js';
import type { PredictionRow } from '../base/tables.js';
import { type BoosterOptions, defaultBoosterOptions } from '../model/booster-options.js';
import type { RecordTable } from '../records/read.js';
import { forEachConcurrently } from './concurrency.js';
import { estimators, type PredictFold } from './estimators/estimator.js';
import type { Fold } from './folds.js';

/** Columns that the evaluation of a family cannot do without. */
export const requiredColumns: readonly string[] = [
  'model',
  'gpu_name',
  'batch_size',
  'flops_train_per_batch',
  'avg_batch_time_ms',
  'T_gpu_ms',
];

/** Those that one of mixed or foreign records cannot do without; `possibleRecipes` says what else recipes need. */
export const requiredOfAny: readonly string[] = ['model', 'gpu_name', 'batch_size', 'avg_batch_time_ms'];

export interface EvaluationOptions {
  /** Default: `defaultRecipeNames`. */
  recipes?: readonly EvaluatedRecipe[];
  booster?: BoosterOptions;
  /** Called after each fold of each recipe. */
  onProgress?: (progress: { done: number; total: number }) => void;
  /** Checked before each fit; an aborted evaluation throws InterruptedError. */
  signal?: AbortSignal;
}

const textOf = (cell: unknown): string => (cell === null || cell === undefined ? '' : String(cell));

/** What is known of a row before it is predicted. */
export function predictionRow(table: RecordTable, index: number, fold: string | number): PredictionRow {
  const row = table.rows[index]!;
  return {
    record_id: textOf(row.record_id ?? index + 1),
    gpu_name: textOf(row.gpu_name),
    model: textOf(row.model),
    dataset: textOf(row.dataset),
    batch_size: Number(row.batch_size),
    vcpu: typeof row.vcpu === 'number' ? row.vcpu : null,
    storage: typeof row.storage === 'string' ? row.storage : null,
    fold,
    actual_ms: Number(row.avg_batch_time_ms),
    pred_orion_ms: Number.NaN,
    pred_prenet_ms: Number.NaN,
    pred_mean_ms: Number.NaN,
    pred_roofline_ms: Number.NaN,
  };
}

/** Predictions and, of each, the row of the table that it is for. */
export interface HeldOutPredictions {
  predictions: PredictionRow[];
  rows: number[];
}

interface Job {
  recipe: EvaluatedRecipe;
  predict: PredictFold;
  fold: Fold;
}

/**
 * Predicts the held-out rows of each fold with what was learnt from that fold's training rows: ORION from the whole
 * iteration, PreNeT from GPU time; all stand beside the measured iteration. A recipe that is not asked for has NaN.
 * Predictions are in the order of the table. Fits run side by side, each on one thread: far better than sharing a fit of
 * so few rows, and the trees are the same.
 */
export async function predictHeldOut(
  table: RecordTable,
  family: EvaluatedFamily,
  folds: readonly Fold[],
  { recipes = defaultRecipeNames, booster = defaultBoosterOptions(), onProgress, signal }: EvaluationOptions = {},
): Promise<HeldOutPredictions> {
  const byRow = new Map<number, PredictionRow>();
  for (const { name, heldOut } of folds) {
    for (const row of heldOut) byRow.set(row, predictionRow(table, row, name));
  }

  const jobs = recipes.flatMap((recipe): Job[] => {
    const predict = estimators[recipe]({ table, family, booster: { ...booster, threads: 1 } });
    return folds.map((fold) => ({ recipe, predict, fold }));
  });
  let done = 0;
  await forEachConcurrently(jobs, booster.threads, async ({ recipe, predict, fold }) => {
    if (signal?.aborted) throw new InterruptedError('Interrupted before the evaluation was complete.');
    const predicted = await predict(fold);
    const ms = 'ms' in predicted ? predicted.ms : predicted;
    for (const [index, row] of fold.heldOut.entries()) {
      const prediction = byRow.get(row)!;
      prediction[`pred_${recipe}_ms`] = ms[index]!;
      if (recipe !== 'hybrid' || !('ms' in predicted)) continue;
      prediction.pred_hybrid_low_ms = predicted.lowMs[index]!;
      prediction.pred_hybrid_high_ms = predicted.highMs[index]!;
    }
    onProgress?.({ done: ++done, total: jobs.length });
  });

  const rows = [...byRow.keys()].sort((a, b) => a - b);
  return { rows, predictions: rows.map((row) => byRow.get(row)!) };
}
