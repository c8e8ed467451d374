import type { Row } from '../base/columns.js';
import { InterruptedError } from '../base/errors.js';
import type { AblationRow } from '../base/tables.js';
import { type Ingredient, preparationIngredients, stepIngredients } from '../model/hybrid/ingredients.js';
import { readCatalogue } from '../records/catalogue.js';
import { withDataSheets } from '../records/data-sheet.js';
import type { RecordTable } from '../records/read.js';
import { foldPredictor } from './estimators/hybrid.js';
import type { Fold } from './folds.js';
import { ErrorSample } from './metrics.js';

export interface AblationOptions {
  /** Called after each line. */
  onProgress?: (progress: { done: number; total: number }) => void;
  /** Checked before each fit; an aborted evaluation throws InterruptedError. */
  signal?: AbortSignal;
}

interface Variant {
  name: string;
  rows: readonly Row[];
  without: readonly Ingredient[];
}

/** The whole predictor, then each part left out that the rows have a use for. */
function variantsOf(rows: readonly Row[]): Variant[] {
  const without = (ingredient: Ingredient): Variant => ({ name: ingredient, rows, without: [ingredient] });
  const powerless = rows.map((row): Row => ({ ...row, 'TDP (W)': null }));
  const loading = rows.some((row) => typeof row.vcpu === 'number');
  return [
    { name: 'nothing', rows, without: [] },
    ...stepIngredients.map(without),
    { name: 'power', rows: powerless, without: [] },
    ...(loading ? preparationIngredients.map(without) : []),
    without('correction'),
  ];
}

/**
 * Errors of the recipe hybrid on held-out rows with each of its ingredients removed, one after the other; the first line is
 * that of the whole. Errors as `fitHybrid`.
 */
export async function ablation(
  table: RecordTable,
  folds: readonly Fold[],
  { onProgress, signal }: AblationOptions = {},
): Promise<AblationRow[]> {
  const variants = variantsOf(withDataSheets(table.rows, readCatalogue()));
  const lines: AblationRow[] = [];
  for (const variant of variants) {
    lines.push(await errorsOf(variant, folds, signal));
    onProgress?.({ done: lines.length, total: variants.length });
  }
  return lines;
}

async function errorsOf({ name, rows, without }: Variant, folds: readonly Fold[], signal?: AbortSignal) {
  const actual: number[] = [];
  const predicted: number[] = [];
  let known = 0;
  let inside = 0;
  const predict = foldPredictor(rows, { without });
  for (const fold of folds) {
    // what interrupts is heard between two fits
    await new Promise((resolve) => setImmediate(resolve));
    if (signal?.aborted) throw new InterruptedError('Interrupted before the evaluation was complete.');
    const { ms, lowMs, highMs } = await predict(fold);
    for (const [i, row] of fold.heldOut.entries()) {
      const measured = Number(rows[row]!.avg_batch_time_ms);
      actual.push(measured);
      predicted.push(ms[i]!);
      if (Number.isNaN(lowMs[i]!)) continue;
      known++;
      if (lowMs[i]! <= measured && measured <= highMs[i]!) inside++;
    }
  }
  const errors = new ErrorSample(actual, predicted).metrics();
  return {
    left_out: name,
    n_samples: actual.length,
    RMSE_ms: errors.rmseMs,
    'MAPE_%': errors.mapePercent,
    n_intervals: known,
    'interval_holds_%': known === 0 ? Number.NaN : (100 * inside) / known,
  };
}
