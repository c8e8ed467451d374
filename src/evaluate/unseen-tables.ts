import { mean } from '../base/statistics.js';
import type { Holdout, PredictionRow, UnseenErrors, UnseenRow } from '../base/tables.js';
import { groupBy } from './grouping.js';
import { rmseOfRecipes } from './summaries.js';

function errorsOf(gpu: string, model: string, predictions: readonly PredictionRow[]): UnseenErrors {
  const actual = mean(predictions.map((row) => row.actual_ms));
  const orion = mean(predictions.map((row) => row.pred_orion_ms));
  const prenet = mean(predictions.map((row) => row.pred_prenet_ms));
  const errors = rmseOfRecipes(predictions);
  return {
    model,
    ...errors.baselines,
    Actual_ms_mean: actual,
    Pred_ORION_ms_mean: orion,
    ORION_pct_error: (100 * (orion - actual)) / actual,
    RMSE_ORION_ms: errors.orion,
    Pred_PreNeT_ms_mean: prenet,
    PreNeT_pct_error: (100 * (prenet - actual)) / actual,
    RMSE_PreNeT_ms: errors.prenet,
    GPU: gpu,
  };
}

/** Errors per (GPU, model, value of a column); rows without that value are in no group. */
export function unseenBreakdown<Column extends 'vcpu' | 'storage' | 'batch_size'>(
  predictions: readonly PredictionRow[],
  column: Column,
): (UnseenErrors & Record<Column, NonNullable<PredictionRow[Column]>>)[] {
  const keyOf = (row: PredictionRow) => {
    const value = row[column];
    return value === null ? null : ([row.gpu_name, row.model, value] as const);
  };
  return groupBy(predictions, keyOf).map(({ key: [gpu, model, value], entries }) => ({
    ...errorsOf(gpu, model, entries),
    ...({ [column]: value } as Record<Column, NonNullable<PredictionRow[Column]>>),
  }));
}

/** RMSE per thing left out (the fold's name), the smallest of ORION first. */
export function unseenSummary(predictions: readonly PredictionRow[], holdout: Holdout): UnseenRow[] {
  return groupBy(predictions, (row) => [String(row.fold)] as const)
    .map(({ key: [name], entries }) => {
      const { orion, prenet, improvement, baselines } = rmseOfRecipes(entries);
      return {
        GPU: name,
        RMSE_ORION_ms: orion,
        RMSE_PreNeT_ms: prenet,
        'Improvement_ORION_vs_PreNeT_%': improvement,
        ...baselines,
        holdout,
      };
    })
    .sort((a, b) => a.RMSE_ORION_ms - b.RMSE_ORION_ms);
}
