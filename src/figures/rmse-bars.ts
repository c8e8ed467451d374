import type { TopLevelSpec } from 'vega-lite';
import { barCharts } from './bar-chart.js';
import type { Bar, Series } from './bar-model.js';
import { drawableNumber } from './groups.js';
import { formatMs } from './numbers.js';
import { baselineMean, baselineRoofline, hybrid, orion, prenet } from './series.js';
import type { RecipeErrors } from './tables.js';

/** RMSE of recipes for one group: a model, or what was held out. */
export interface RmseGroup {
  group: string;
  errors: readonly { series: Series; ms: number | null }[];
}

/** PreNeT's bar and ORION's, as in the paper's Figures 2-4. */
export const pairOf = (row: RecipeErrors): RmseGroup['errors'] => [
  { series: prenet, ms: row.RMSE_PreNeT_ms },
  { series: orion, ms: row.RMSE_ORION_ms },
];

/** All recipes: plain baselines first, then the paper's pair, then ours. */
export const allOf = (row: RecipeErrors): RmseGroup['errors'] => [
  { series: baselineMean, ms: row.RMSE_mean_ms ?? null },
  { series: baselineRoofline, ms: row.RMSE_roofline_ms ?? null },
  ...pairOf(row),
  { series: hybrid, ms: row.RMSE_hybrid_ms ?? null },
];

const beyondThePaper: readonly Series[] = [baselineMean, baselineRoofline, hybrid];

/** Whether there is anything to see beside the paper's pair. */
export const hasBaselines = (groups: readonly RmseGroup[]): boolean =>
  seriesOf(groups).some((series) => beyondThePaper.includes(series));

/** The recipes that have an error in some group, in the order of the bars. */
export function seriesOf(groups: readonly RmseGroup[]): Series[] {
  const present = groups.flatMap(({ errors }) => errors.filter(({ ms }) => ms !== null).map(({ series }) => series));
  return [...new Set(present)];
}

/**
 * Grouped bars of the recipes' RMSE.
 * @param namesTitle what the groups are: `Model`, `Unseen GPU`
 * @param label what is printed over a bar of so many ms
 */
export function rmseBars(
  groups: readonly RmseGroup[],
  namesTitle: string,
  note: string,
  label: (ms: number) => string = formatMs,
): TopLevelSpec[] {
  const drawn = seriesOf(groups);
  const barOf = (group: string, series: Series, value: number | null): Bar => {
    const ms = drawableNumber(value, `RMSE of ${series.name}`, group);
    return { series: series.name, column: drawn.indexOf(series), low: 0, high: ms, over: label(ms) };
  };
  return barCharts({
    slots: groups.map(({ group, errors }) => ({
      names: [group],
      bars: errors.filter(({ series }) => drawn.includes(series)).map(({ series, ms }) => barOf(group, series, ms)),
    })),
    series: drawn,
    columns: drawn.length,
    valueTitle: 'RMSE (ms)',
    namesTitle,
    nameFields: [namesTitle.toLowerCase().replaceAll(' ', '_')],
    note,
  });
}
