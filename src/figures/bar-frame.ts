import { type ValueAxis, valueAxis } from './axis.js';
import type { BarChart, BarSlot, Series } from './bar-model.js';
import { linesWidth, textWidth } from './text.js';
import { fontSizes, type PageWidth, pageWidths, plotHeights } from './theme.js';

/** Points between the baselines of lines printed over a bar. */
export const valueLineHeight = fontSizes.value + 1;
/** Share of a slot that its bars fill. */
export const filled = 0.8;
/** Points that stay free at the page's edges. */
export const margin = 4;
/** Points between numbers over neighbouring bars: hardly a space, so that a paper's four pairs fit into a column. */
const barLabelGap = 1.5;
const legendRowHeight = 12;

/** Points that a slot needs so that nothing printed over it reaches a neighbour. */
export function widthOver(slot: BarSlot, columns: number): number {
  const barLabels = slot.bars.map((bar) => (bar.over ? textWidth(bar.over, fontSizes.value) + barLabelGap : 0));
  return Math.max(linesWidth(slot.over ?? [], fontSizes.value) + 3, (Math.max(0, ...barLabels) * columns) / filled);
}

/** The space between the axes, in points, and the value axis. */
export interface Frame {
  axis: ValueAxis;
  /** From the page's left edge to the value axis: title, tick labels and ticks. */
  left: number;
  /** Of the axis with the names. */
  length: number;
  height: number;
  legendColumns: number;
  /** Lines printed over a bar or slot. */
  overLines: number;
}

export function frameOf(chart: BarChart, size: PageWidth): Frame {
  const height = plotHeights[size];
  const legendColumns = columnsOfLegend(chart.series, pageWidths[size] * 0.75);
  const overLines = Math.max(
    0,
    ...chart.slots.map((slot) => slot.over?.length ?? (slot.bars.some((bar) => bar.over) ? 1 : 0)),
  );
  const reserved = 4 + overLines * valueLineHeight + Math.ceil(chart.series.length / legendColumns) * legendRowHeight;
  const tops = chart.slots.flatMap((slot) => slot.bars.map((bar) => bar.high));
  const stacked = chart.columns < chart.series.length;
  const axis = valueAxis(tops, height / (height - reserved), { stacked });
  const tickAndGaps = 14;
  const left = Math.ceil(fontSizes.title + linesWidth(axis.labels, fontSizes.label) + tickAndGaps);
  return { axis, left, length: pageWidths[size] - left - margin, height, legendColumns, overLines };
}

/** One row of entries where it fits, else two, else an entry a row. */
function columnsOfLegend(series: readonly Series[], roomPoints: number): number {
  const symbolAndGaps = 24;
  const widths = series.map((each) => textWidth(each.name, fontSizes.label) + symbolAndGaps);
  const half = Math.ceil(series.length / 2);
  if (widths.reduce((sum, width) => sum + width, 0) <= roomPoints) return series.length;
  return half * Math.max(...widths) <= roomPoints ? half : 1;
}
