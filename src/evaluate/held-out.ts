import type { Family } from '../base/columns.js';
import { InterruptedError } from '../base/errors.js';
import type { PredictionRow } from '../base/tables.js';
import { type RecipeName, recipes } from '../features/recipes.js';
import { numericColumn } from '../features/source.js';
import { type BoosterOptions, defaultBoosterOptions } from '../model/booster-options.js';
import { fitModel, predictRows } from '../model/fit.js';
import type { RecordTable } from '../records/read.js';
import type { Fold } from './folds.js';

/** Columns that an evaluation cannot do without. */
export const requiredColumns: readonly string[] = [
  'model',
  'gpu_name',
  'batch_size',
  'flops_train_per_batch',
  'avg_batch_time_ms',
  'T_gpu_ms',
];

export interface EvaluationOptions {
  booster?: BoosterOptions;
  /** Called after each fit. */
  onProgress?: (progress: { done: number; total: number }) => void;
  /** Checked before each fit; an aborted evaluation throws InterruptedError. */
  signal?: AbortSignal;
}

const evaluatedRecipes: readonly RecipeName[] = ['orion', 'prenet'];

const textOf = (cell: unknown): string => (cell === null || cell === undefined ? '' : String(cell));

function predictionRow(table: RecordTable, index: number, fold: string | number): PredictionRow {
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
  };
}

/**
 * Predicts the held-out rows of each fold with models fitted to that fold's training rows: ORION's to the whole
 * iteration, PreNeT's to GPU time; both stand beside the measured iteration. Predictions are in the order of the table.
 */
export async function predictHeldOut(
  table: RecordTable,
  family: Family,
  folds: readonly Fold[],
  { booster = defaultBoosterOptions(), onProgress, signal }: EvaluationOptions = {},
): Promise<PredictionRow[]> {
  const predictions = new Map<number, PredictionRow>();
  for (const { name, heldOut } of folds) {
    for (const row of heldOut) predictions.set(row, predictionRow(table, row, name));
  }

  const total = evaluatedRecipes.length * folds.length;
  let done = 0;
  for (const recipeName of evaluatedRecipes) {
    const recipe = recipes[recipeName];
    const matrix = recipe.matrix({ family, columns: table.columns, rows: table.rows });
    const targets = numericColumn(table.rows, recipe.target)!;
    for (const { training, heldOut } of folds) {
      if (signal?.aborted) throw new InterruptedError('Interrupted before the evaluation was complete.');
      const model = await fitModel(matrix, targets, training, booster);
      const predicted = predictRows(model, matrix, heldOut);
      for (const [index, row] of heldOut.entries()) {
        predictions.get(row)![`pred_${recipeName}_ms`] = predicted[index]!;
      }
      onProgress?.({ done: ++done, total });
    }
  }
  return [...predictions.entries()].sort(([a], [b]) => a - b).map(([, prediction]) => prediction);
}
