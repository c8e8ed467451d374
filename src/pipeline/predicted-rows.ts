import type { Row } from '../base/columns.js';
import { predictorColumns } from '../model/hybrid/columns.js';
import type { HybridModel } from '../model/hybrid/model.js';
import { type HybridPrediction, hybridPredictor } from '../model/hybrid/predict.js';
import { readCatalogue } from '../records/catalogue.js';
import { deviceDescriber } from '../records/data-sheet.js';

/** A line of `predictions.csv`; times in ms. */
export interface PredictedRow {
  record_id: string;
  gpu_name: string;
  model: string;
  batch_size: number;
  /** Empty where the file has none. */
  actual_ms: number | null;
  pred_hybrid_ms: number;
  pred_hybrid_low_ms: number | null;
  pred_hybrid_high_ms: number | null;
  bottleneck: string;
  warnings: string;
}

export const predictedColumns = [
  'record_id',
  'gpu_name',
  'model',
  'batch_size',
  'actual_ms',
  'pred_hybrid_ms',
  'pred_hybrid_low_ms',
  'pred_hybrid_high_ms',
  'bottleneck',
  'warnings',
] as const satisfies readonly (keyof PredictedRow)[];

/** How records are read that are to be predicted. */
export const predictedRecords = {
  required: ['gpu_name', 'batch_size'],
  wanted: [...predictorColumns, 'record_id', 'model', 'avg_batch_time_ms'],
  includeEmulated: true,
};

/** A function that predicts rows, given in order, batch by batch. Its second argument: how many rows came before. */
export function rowPredictor(model: HybridModel): (rows: Row[], before: number) => PredictedRow[] {
  const describe = deviceDescriber(readCatalogue());
  const predict = hybridPredictor(model);
  return (batch, before) => {
    const rows = describe(batch);
    return predict(rows).map((prediction, i) => predictedRow(rows[i]!, prediction, before + i + 1));
  };
}

const textOf = (row: Row, column: string): string => String(row[column] ?? '');

/** @param number of the record, for one that has no name */
function predictedRow(row: Row, prediction: HybridPrediction, number: number): PredictedRow {
  return {
    record_id: String(row.record_id ?? number),
    gpu_name: textOf(row, 'gpu_name'),
    model: textOf(row, 'model'),
    batch_size: Number(row.batch_size),
    actual_ms: typeof row.avg_batch_time_ms === 'number' ? row.avg_batch_time_ms : null,
    pred_hybrid_ms: prediction.ms,
    pred_hybrid_low_ms: prediction.lowMs,
    pred_hybrid_high_ms: prediction.highMs,
    bottleneck: prediction.bottleneck,
    warnings: prediction.warnings.join('; '),
  };
}
