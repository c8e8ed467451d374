import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import type { HybridModel } from '../model/hybrid/model.js';
import { NotInBlocks } from '../records/line-blocks.js';
import { useRecordBatches } from '../records/read.js';
import { writeTableBatches } from '../records/write.js';
import type { OutputFolder } from './output-folder.js';
import { predictBlocks } from './predict-blocks.js';
import { type PredictedRow, predictedColumns, predictedRecords, rowPredictor } from './predicted-rows.js';

/** Files that are smaller together are predicted before threads would have started. */
const bytesWorthThreads = 8 * 2 ** 20;
const mostThreads = 8;

/** Predicts every record of the files and writes `predictions.csv`: large files block by block, on several threads. */
export async function predictFiles(
  out: OutputFolder,
  model: HybridModel,
  files: readonly string[],
  { threads = Math.min(availableParallelism(), mostThreads) }: { threads?: number } = {},
): Promise<{ file: string; rows: number }> {
  const file = out.file('predictions.csv');
  if (threads > 1 && (await bytesOf(files)) >= bytesWorthThreads) {
    try {
      return { file, rows: await predictBlocks(file, model, files, threads) };
    } catch (error) {
      // What is wrong, and where, is met again in order.
      if (!(error instanceof NotInBlocks)) throw error;
    }
  }
  return { file, rows: await predictInOrder(file, model, files) };
}

/** Of the files that are there. */
async function bytesOf(files: readonly string[]): Promise<number> {
  const sizes = await Promise.all(files.map((name) => stat(name).catch(() => ({ size: 0 }))));
  return sizes.reduce((sum, { size }) => sum + size, 0);
}

function predictInOrder(file: string, model: HybridModel, files: readonly string[]): Promise<number> {
  return useRecordBatches(files, predictedRecords, async (batches) => {
    let predicted = 0;
    async function* predictions(): AsyncGenerator<PredictedRow[]> {
      const predict = rowPredictor(model);
      for await (const batch of batches) {
        yield predict(batch, predicted);
        predicted += batch.length;
      }
    }
    await writeTableBatches(file, predictedColumns, predictions());
    return predicted;
  });
}
