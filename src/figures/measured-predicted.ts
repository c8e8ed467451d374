import type { TopLevelSpec } from 'vega-lite';
import { evaluatedLabel } from '../base/columns.js';
import { mean } from '../base/statistics.js';
import type { PredictionRow } from '../base/tables.js';
import { barCharts } from './bar-chart.js';
import type { BarSlot } from './bar-model.js';
import type { FigureKind } from './figure.js';
import { drawableNumber, groupBy } from './groups.js';
import { formatPercent } from './numbers.js';
import { evaluationNote } from './provenance.js';
import { measured, predictedByOrion } from './series.js';

/** Mean measured and predicted iteration time of a (model, batch size). */
export interface MeasuredPredicted {
  model: string;
  batchSize: number;
  measuredMs: number;
  predictedMs: number;
  /** |predicted - measured| / measured of the means, in percent */
  absoluteErrorPercent: number;
}

/** Means over the evaluated rows of each (model, batch size), by model and rising batch size. */
export function meansByModelAndBatch(predictions: readonly PredictionRow[]): MeasuredPredicted[] {
  const groups = groupBy(predictions, (row) => `${row.model}\u0000${row.batch_size}`);
  return [...groups.values()].map((rows) => {
    const { model, batch_size: batchSize } = rows[0]!;
    const where = `${model} at batch size ${batchSize}`;
    const measuredMs = mean(rows.map((row) => drawableNumber(row.actual_ms, 'actual_ms', where)));
    const predictedMs = mean(rows.map((row) => drawableNumber(row.pred_orion_ms, 'pred_orion_ms', where)));
    const absoluteErrorPercent = (100 * Math.abs(predictedMs - measuredMs)) / measuredMs;
    return { model, batchSize, measuredMs, predictedMs, absoluteErrorPercent };
  });
}

/** Measured and predicted iteration time per model and batch size, the style of the paper's Figures 5-7. */
export const measuredPredicted: FigureKind = {
  name: 'measured-predicted',
  draw(inputs) {
    const { family, predictions } = inputs;
    if (predictions.length === 0) return { reason: 'there are no predictions: run rmse or logo first' };
    if (predictions.every((row) => row.pred_orion_ms === null)) {
      return { reason: "ORION's predictions are not among those of the table: evaluate with the recipe orion too" };
    }
    const label = evaluatedLabel[family];
    return {
      specs: measuredPredictedCharts(meansByModelAndBatch(predictions), evaluationNote(inputs)),
      title: `Measured and predicted iteration time, ${label}`,
      caption:
        `Mean measured and predicted (ORION) iteration time of the ${label} models by batch size, over ` +
        `${predictions.length} trials, each predicted by a model that had not seen ${unseenPart(predictions)}. Over each ` +
        'pair: the absolute percentage error of the means.',
    };
  },
};

/** Folds of a cross-validation are numbered, those of leaving one out are named by what was left out. */
function unseenPart(predictions: readonly PredictionRow[]): string {
  if (predictions.every((row) => typeof row.fold === 'number')) return 'it';
  if (predictions.every((row) => row.fold === row.gpu_name)) return 'its GPU';
  if (predictions.every((row) => row.fold === row.model)) return 'its network';
  if (predictions.every((row) => row.fold === row.storage)) return 'its storage mode';
  return predictions.every((row) => /^\d+ workers?$/.test(String(row.fold)))
    ? 'its number of workers'
    : "its GPU's family";
}

/** Bars of both times per (model, batch size), models grouped; the error over each pair. */
export function measuredPredictedCharts(means: readonly MeasuredPredicted[], note: string): TopLevelSpec[] {
  return barCharts({
    slots: means.map(slotOf),
    series: [measured, predictedByOrion],
    columns: 2,
    valueTitle: 'Iteration Execution Time (ms)',
    namesTitle: 'Batch size, by model',
    nameFields: ['model', 'batch_size'],
    note,
  });
}

function slotOf({ model, batchSize, measuredMs, predictedMs, absoluteErrorPercent }: MeasuredPredicted): BarSlot {
  return {
    names: [model, String(batchSize)],
    bars: [
      { series: measured.name, column: 0, low: 0, high: measuredMs },
      { series: predictedByOrion.name, column: 1, low: 0, high: predictedMs },
    ],
    over: [Number.isFinite(absoluteErrorPercent) ? formatPercent(absoluteErrorPercent) : '–'],
  };
}
