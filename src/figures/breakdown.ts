import { evaluatedLabel, type Row } from '../base/columns.js';
import { mean } from '../base/statistics.js';
import { barCharts } from './bar-chart.js';
import type { BarSlot } from './bar-model.js';
import type { FigureKind } from './figure.js';
import { drawableNumber, groupBy } from './groups.js';
import { formatMs } from './numbers.js';
import { measuredRecords, provenanceNote } from './provenance.js';
import { compute, loaderWait } from './series.js';

/** Mean parts of an iteration of a (model, storage, loader workers). */
export interface IterationParts {
  model: string;
  storage: string;
  workers: string;
  computeMs: number;
  loaderWaitMs: number;
}

/** Means over the measured trials of each (model, storage, workers). */
export function meanParts(records: readonly Row[]): IterationParts[] {
  const groups = groupBy(records, (row) => [row.model, row.storage, row.vcpu].join('\u0000'));
  return [...groups.values()].map((rows) => {
    const [model, storage, workers] = [rows[0]!.model, rows[0]!.storage, rows[0]!.vcpu].map((cell) =>
      String(cell ?? '–'),
    );
    const where = `${model} with ${workers} workers on ${storage}`;
    const meanOf = (column: string): number => mean(rows.map((row) => drawableNumber(row[column], column, where)));
    return {
      model: model!,
      storage: storage!,
      workers: workers!,
      computeMs: meanOf('T_gpu_ms'),
      loaderWaitMs: meanOf('T_cpu_io_ms'),
    };
  });
}

/** Where an iteration's time goes: compute, and the part of loading that could not be hidden behind it. */
export const breakdown: FigureKind = {
  name: 'breakdown',
  draw({ family, records }) {
    const usable = measuredRecords(records);
    if (usable.length === 0) return { reason: 'no trial was measured: run generate first' };
    const specs = barCharts({
      slots: meanParts(usable).map(slotOf),
      series: [compute, loaderWait],
      columns: 1,
      valueTitle: 'Iteration Execution Time (ms)',
      namesTitle: 'Loader workers, by storage and model',
      nameFields: ['model', 'storage', 'workers'],
      note: provenanceNote(usable),
    });
    const label = evaluatedLabel[family];
    return {
      specs,
      title: `Compute and loader wait, ${label}`,
      caption:
        `Mean iteration time of the ${label} models, split into compute and the wait for the loader, by loader workers and ` +
        `storage mode, over ${usable.length} trials. Over each bar: the whole in ms and, below it, the share of the wait.`,
    };
  },
};

function slotOf({ model, storage, workers, computeMs, loaderWaitMs }: IterationParts): BarSlot {
  const total = computeMs + loaderWaitMs;
  const share = total > 0 ? `${Math.round((100 * loaderWaitMs) / total)}%` : '–';
  return {
    names: [model, storage, workers],
    bars: [
      { series: compute.name, column: 0, low: 0, high: computeMs },
      { series: loaderWait.name, column: 0, low: computeMs, high: total },
    ],
    over: [formatMs(total), share],
  };
}
