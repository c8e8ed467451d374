import type { Row } from '../base/columns.js';
import { predictorColumns } from '../model/hybrid/columns.js';
import type { HybridModel } from '../model/hybrid/model.js';
import { type HybridPrediction, hybridPredictor } from '../model/hybrid/predict.js';
import { readCatalogue } from '../records/catalogue.js';
import { deviceDescriber } from '../records/data-sheet.js';
import { useRecordBatches } from '../records/read.js';
import { writeTableBatches } from '../records/write.js';
import type { OutputFolder } from './output-folder.js';

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

/** Predicts every record of the files, batch by batch, and writes `predictions.csv`. */
export async function predictFiles(
  out: OutputFolder,
  model: HybridModel,
  files: readonly string[],
): Promise<{ file: string; rows: number }> {
  const file = out.file('predictions.csv');
  const options = {
    required: ['gpu_name', 'batch_size'],
    wanted: [...predictorColumns, 'record_id', 'model', 'avg_batch_time_ms'],
    includeEmulated: true,
  };
  const rows = await useRecordBatches(files, options, async (batches) => {
    const predictor = new RowPredictor(model);
    await writeTableBatches(file, columns, predictor.rowsOf(batches));
    return predictor.count;
  });
  return { file, rows };
}

class RowPredictor {
  count = 0;
  readonly #describe = deviceDescriber(readCatalogue());
  readonly #predict: (rows: readonly Row[]) => HybridPrediction[];

  constructor(model: HybridModel) {
    this.#predict = hybridPredictor(model);
  }

  async *rowsOf(batches: AsyncIterable<Row[]>): AsyncGenerator<PredictedRow[]> {
    for await (const batch of batches) {
      const rows = this.#describe(batch);
      const before = this.count;
      this.count += rows.length;
      yield this.#predict(rows).map((prediction, i) => predictedRow(rows[i]!, prediction, before + i + 1));
    }
  }
}

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
