import type { TopLevelSpec } from 'vega-lite';
import { barCharts } from './bar-chart.js';
import { drawableNumber } from './groups.js';
import { formatMs } from './numbers.js';
import { orion, prenet } from './series.js';

/** RMSE of both recipes for one group: a model, or a GPU that was held out. */
export interface RmsePair {
  group: string;
  prenetMs: number;
  orionMs: number;
}

/**
 * Grouped bars of PreNeT's and ORION's RMSE: per model, or per unseen GPU as in the paper's Figures 2-4.
 * @param namesTitle what the groups are: `Model`, `Unseen GPU`
 * @param label what is printed over a bar of so many ms
 */
export function rmseBars(
  pairs: readonly RmsePair[],
  namesTitle: string,
  note: string,
  label: (ms: number) => string = formatMs,
): TopLevelSpec[] {
  const field = namesTitle.toLowerCase().replaceAll(' ', '_');
  return barCharts({
    slots: pairs.map(({ group, prenetMs, orionMs }) => {
      const ofPrenet = drawableNumber(prenetMs, 'RMSE_PreNeT_ms', group);
      const ofOrion = drawableNumber(orionMs, 'RMSE_ORION_ms', group);
      return {
        names: [group],
        bars: [
          { series: prenet.name, column: 0, low: 0, high: ofPrenet, over: label(ofPrenet) },
          { series: orion.name, column: 1, low: 0, high: ofOrion, over: label(ofOrion) },
        ],
      };
    }),
    series: [prenet, orion],
    columns: 2,
    valueTitle: 'RMSE (ms)',
    namesTitle,
    nameFields: [field],
    note,
  });
}
