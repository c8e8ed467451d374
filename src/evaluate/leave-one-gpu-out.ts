import type { Family } from '../base/columns.js';
import { InputError } from '../base/errors.js';
import { mean } from '../base/statistics.js';
import type { PredictionRow } from '../base/tables.js';
import type { RecordTable } from '../records/read.js';
import { type Fold, splitOff } from './folds.js';
import { groupBy } from './grouping.js';
import { type EvaluationOptions, predictHeldOut } from './held-out.js';
import { rmseOfRecipes } from './summaries.js';

/** `logo_<family>_summary.csv`: one line per unseen GPU, the smallest RMSE of ORION first. */
export interface UnseenGpuRow {
  GPU: string;
  n_samples: number;
  RMSE_ORION_ms: number;
  RMSE_PreNeT_ms: number;
  'Improvement_ORION_vs_PreNeT_%': number;
}

/** What the breakdowns by vCPUs, storage and batch size have in common; times in ms, errors of the means in signed %. */
export interface UnseenGpuErrors {
  model: string;
  n_samples: number;
  Actual_ms_mean: number;
  Pred_ORION_ms_mean: number;
  ORION_pct_error: number;
  RMSE_ORION_ms: number;
  Pred_PreNeT_ms_mean: number;
  PreNeT_pct_error: number;
  RMSE_PreNeT_ms: number;
  GPU: string;
}

export interface LeaveOneGpuOutTables {
  family: Family;
  summary: UnseenGpuRow[];
  vcpu: (UnseenGpuErrors & { vcpu: number })[];
  storage: (UnseenGpuErrors & { storage: string })[];
  batch: (UnseenGpuErrors & { batch_size: number })[];
  predictions: PredictionRow[];
}

const smallestGpu = 3;

/** A split per GPU with at least three rows, in name order. Throws InputError where there is no other GPU to learn from. */
function gpuFolds(table: RecordTable): Fold[] {
  const indexes = table.rows.map((row, index) => ({ gpu: String(row.gpu_name), index }));
  const groups = groupBy(indexes, ({ gpu }) => [gpu] as const);
  if (groups.length < 2) {
    throw new InputError(
      `The records are of ${groups.length} GPU: leaving one out needs at least two; add the files of other GPUs.`,
    );
  }
  const folds = groups
    .filter(({ entries }) => entries.length >= smallestGpu)
    .map(({ key: [gpu], entries }) => splitOff(gpu, indexes.length, new Set(entries.map(({ index }) => index))));
  if (folds.length === 0) {
    throw new InputError(`No GPU has ${smallestGpu} records or more: measure more trials per GPU.`);
  }
  return folds;
}

function errorsOf(gpu: string, model: string, predictions: readonly PredictionRow[]): UnseenGpuErrors {
  const actual = predictions.map((row) => row.actual_ms);
  const orion = predictions.map((row) => row.pred_orion_ms);
  const prenet = predictions.map((row) => row.pred_prenet_ms);
  const errors = rmseOfRecipes(predictions);
  const percentOfActual = (predicted: number[]) => (100 * (mean(predicted) - mean(actual))) / mean(actual);
  return {
    model,
    n_samples: predictions.length,
    Actual_ms_mean: mean(actual),
    Pred_ORION_ms_mean: mean(orion),
    ORION_pct_error: percentOfActual(orion),
    RMSE_ORION_ms: errors.orion,
    Pred_PreNeT_ms_mean: mean(prenet),
    PreNeT_pct_error: percentOfActual(prenet),
    RMSE_PreNeT_ms: errors.prenet,
    GPU: gpu,
  };
}

/** Errors per (GPU, model, value of a column); rows without that value are in no group. */
function breakdown<Column extends 'vcpu' | 'storage' | 'batch_size'>(
  predictions: readonly PredictionRow[],
  column: Column,
): (UnseenGpuErrors & Record<Column, NonNullable<PredictionRow[Column]>>)[] {
  const keyOf = (row: PredictionRow) => {
    const value = row[column];
    return value === null ? null : ([row.gpu_name, row.model, value] as const);
  };
  return groupBy(predictions, keyOf).map(({ key: [gpu, model, value], entries }) => ({
    ...errorsOf(gpu, model, entries),
    ...({ [column]: value } as Record<Column, NonNullable<PredictionRow[Column]>>),
  }));
}

/** RMSE per unseen GPU. */
export function unseenGpuSummary(predictions: readonly PredictionRow[]): UnseenGpuRow[] {
  return groupBy(predictions, (row) => [row.gpu_name] as const)
    .map(({ key: [gpu], entries }) => {
      const { orion, prenet, improvement } = rmseOfRecipes(entries);
      return {
        GPU: gpu,
        n_samples: entries.length,
        RMSE_ORION_ms: orion,
        RMSE_PreNeT_ms: prenet,
        'Improvement_ORION_vs_PreNeT_%': improvement,
      };
    })
    .sort((a, b) => a.RMSE_ORION_ms - b.RMSE_ORION_ms);
}

/**
 * Predicts each GPU with models fitted to all the others (`orion.md` section 3, unseen GPU). GPUs with fewer than three
 * rows are only learnt from. Errors as `crossValidate`, and InputError for records of a single GPU.
 */
export async function leaveOneGpuOut(
  table: RecordTable,
  family: Family,
  options: EvaluationOptions = {},
): Promise<LeaveOneGpuOutTables> {
  const predictions = await predictHeldOut(table, family, gpuFolds(table), options);
  return {
    family,
    summary: unseenGpuSummary(predictions),
    vcpu: breakdown(predictions, 'vcpu'),
    storage: breakdown(predictions, 'storage'),
    batch: breakdown(predictions, 'batch_size'),
    predictions,
  };
}
