import type { Row } from '../base/columns.js';
import type { HybridModel } from '../model/hybrid/model.js';
import { predictHybrid } from '../model/hybrid/predict.js';
import { writeTable } from '../records/write.js';
import type { OutputFolder } from './output-folder.js';
import { readPredictorRecords } from './predictor-rows.js';

/** A line of `predictions.csv`; times in ms. */
interface PredictedRow {
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

const columns = [
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

const textOf = (row: Row, column: string): string => String(row[column] ?? '');

/** Predicts every record of the files and writes `predictions.csv`. */
export async function predictFiles(
  out: OutputFolder,
  model: HybridModel,
  files: readonly string[],
): Promise<{ file: string; rows: number }> {
  const rows = await readPredictorRecords(files, ['gpu_name', 'batch_size'], { includeEmulated: true });
  const predicted = predictHybrid(model, rows).map((prediction, i): PredictedRow => {
    const row = rows[i]!;
    return {
      record_id: String(row.record_id ?? i + 1),
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
  });
  const file = out.file('predictions.csv');
  await writeTable(file, columns, predicted);
  return { file, rows: predicted.length };
}
