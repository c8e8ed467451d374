import type { TopLevelSpec } from 'vega-lite';
import { type ValueAxis, valueAxis } from './axis.js';
import { fits, paginate, placeSlots, type SlotLayout } from './layout.js';
import { hundredths, sixDigits } from './numbers.js';
import { linesWidth, textWidth, wrap } from './text.js';
import { fontSizes, type PageWidth, pageWidths, plotHeights, themeConfig } from './theme.js';

/** A bar; its place in the slot is `column`, counted from the left. Bars of one column are stacked by low and high. */
export interface Bar {
  series: string;
  column: number;
  low: number;
  high: number;
  /** Printed over the bar. */
  over?: string;
}

/** The bars of one place on the axis, and the names under them, from the outermost group to the slot. */
export interface BarSlot {
  names: readonly string[];
  bars: readonly Bar[];
  /** Lines printed over the whole slot. */
  over?: readonly string[];
}

export interface Series {
  name: string;
  colour: string;
}

export interface BarChart {
  slots: readonly BarSlot[];
  series: readonly Series[];
  /** Bars side by side in a slot. */
  columns: number;
  valueTitle: string;
  /** What the names under the bars are. */
  namesTitle: string;
  /** Printed small over the frame. */
  note: string;
  /** Names the fields of a datum's names in the specification, as `names`. */
  nameFields: readonly string[];
}

const valueLineHeight = fontSizes.value + 1;
const labelLineHeight = fontSizes.label + 1;
const noteLineHeight = fontSizes.note + 2;
const legendRowHeight = 12;
/** Share of a slot that its bars fill. */
const filled = 0.8;
const margin = 4;

/**
 * One specification, or several with the same axis where one page is too narrow for all slots. A chart is 3.4 in wide
 * where it fits, else 7 in.
 */
export function barCharts(chart: BarChart): TopLevelSpec[] {
  const sized = chart.slots.map((slot) => ({ ...slot, minimumWidth: widthOver(slot, chart.columns) }));
  const column = frameOf(chart, 'column');
  const frame = fits(sized, column.length) ? column : frameOf(chart, 'page');
  return paginate(sized, frame.length).map((slots) =>
    drawPage({ ...chart, slots }, frame, placeSlots(slots, frame.length)),
  );
}

/** Points that a slot needs so that nothing printed over it reaches a neighbour. */
function widthOver(slot: BarSlot, columns: number): number {
  const barLabels = slot.bars.map((bar) => (bar.over ? textWidth(bar.over, fontSizes.value) + 2 : 0));
  return Math.max(linesWidth(slot.over ?? [], fontSizes.value) + 3, (Math.max(0, ...barLabels) * columns) / filled);
}

/** The space between the axes, in points, and the value axis. */
interface Frame {
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

function frameOf(chart: BarChart, size: PageWidth): Frame {
  const height = plotHeights[size];
  const legendColumns = legendWidth(chart.series) <= pageWidths[size] * 0.75 ? chart.series.length : 1;
  const overLines = Math.max(
    0,
    ...chart.slots.map((slot) => slot.over?.length ?? (slot.bars.some((bar) => bar.over) ? 1 : 0)),
  );
  const reserved = 4 + overLines * valueLineHeight + (chart.series.length / legendColumns) * legendRowHeight;
  const tops = chart.slots.flatMap((slot) => slot.bars.map((bar) => bar.high));
  const stacked = chart.columns < chart.series.length;
  const axis = valueAxis(tops, height / (height - reserved), { stacked });
  const tickAndGaps = 14;
  const left = Math.ceil(fontSizes.title + linesWidth(axis.labels, fontSizes.label) + tickAndGaps);
  return { axis, left, length: pageWidths[size] - left - margin, height, legendColumns, overLines };
}

/** Of a legend in one row. */
function legendWidth(series: readonly Series[]): number {
  const symbolAndGaps = 24;
  return series.reduce((sum, each) => sum + textWidth(each.name, fontSizes.label) + symbolAndGaps, 0);
}

function drawPage(chart: BarChart, frame: Frame, layout: SlotLayout): TopLevelSpec {
  const { axis, left, length, height, legendColumns, overLines } = frame;
  const names = namesUnder(chart, layout, height);
  const note = chart.note === '' ? [] : wrap(chart.note, length, fontSizes.note, { style: 'italic' });
  const xScale = { domain: [0, length], nice: false, zero: false };
  const bareAxis = { title: null, labels: false, ticks: false };
  const x = { field: 'x', type: 'quantitative' as const, scale: xScale, axis: bareAxis };
  const y = {
    type: 'quantitative',
    scale: { type: axis.type, domain: axis.domain.map(sixDigits), nice: false },
  } as const;
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    width: length,
    height,
    autosize: 'none',
    padding: { left, right: margin, top: note.length * noteLineHeight + 6, bottom: names.depth + margin },
    ...(note.length > 0 ? { title: { text: note } } : {}),
    layer: [
      {
        data: { values: barRows(chart, layout, axis) },
        mark: { type: 'rect', stroke: 'black', strokeWidth: 0.5 },
        encoding: {
          x,
          x2: { field: 'x2' },
          y: {
            ...y,
            field: 'low',
            axis: {
              title: chart.valueTitle + (axis.type === 'log' ? ', log scale' : ''),
              values: axis.ticks,
              format: axis.format,
            },
          },
          y2: { field: 'high' },
          color: {
            field: 'series',
            type: 'nominal',
            scale: { domain: chart.series.map((each) => each.name), range: chart.series.map((each) => each.colour) },
            legend: { orient: 'top-left', columns: legendColumns },
          },
        },
      },
      {
        data: { values: overRows(chart, layout) },
        mark: {
          type: 'text',
          baseline: 'bottom',
          dy: -1 - Math.max(0, overLines - 1) * valueLineHeight,
          fontSize: fontSizes.value,
          lineBreak: '\n',
          lineHeight: valueLineHeight,
        },
        encoding: { x, y: { ...y, field: 'y' }, text: { field: 'text' } },
      },
      {
        data: { values: names.labels },
        mark: {
          type: 'text',
          baseline: 'top',
          fontSize: fontSizes.label,
          lineBreak: '\n',
          lineHeight: labelLineHeight,
        },
        encoding: { x, y: { field: 'y', type: 'quantitative', scale: null }, text: { field: 'text' } },
      },
      {
        data: { values: names.rules },
        mark: { type: 'rule', strokeWidth: 0.5 },
        encoding: { x, x2: { field: 'x2' }, y: { field: 'y', type: 'quantitative', scale: null } },
      },
      {
        data: { values: [{ text: chart.namesTitle }] },
        mark: { type: 'text', baseline: 'top', fontSize: fontSizes.title },
        encoding: { x: { value: length / 2 }, y: { value: names.titleY }, text: { field: 'text' } },
      },
    ],
    config: themeConfig,
  };
}

const named = (chart: BarChart, slot: BarSlot): Record<string, string> =>
  Object.fromEntries(chart.nameFields.map((field, index) => [field, slot.names[index]!]));

function barRows(chart: BarChart, layout: SlotLayout, axis: ValueAxis) {
  return chart.slots.flatMap((slot, index) => {
    const { centre, width } = layout.slots[index]!;
    const barWidth = (width * filled) / chart.columns;
    return slot.bars.map((bar) => {
      const start = centre + (bar.column - chart.columns / 2) * barWidth;
      const low = axis.type === 'log' ? axis.domain[0] : bar.low;
      return {
        ...named(chart, slot),
        series: bar.series,
        low: sixDigits(low),
        high: sixDigits(bar.high),
        x: hundredths(start),
        x2: hundredths(start + barWidth),
      };
    });
  });
}

function overRows(chart: BarChart, layout: SlotLayout) {
  return chart.slots.flatMap((slot, index) => {
    const { centre, width } = layout.slots[index]!;
    const barWidth = (width * filled) / chart.columns;
    const rows = slot.bars
      .filter((bar) => bar.over)
      .map((bar) => ({
        text: bar.over!,
        x: hundredths(centre + (bar.column + 0.5 - chart.columns / 2) * barWidth),
        y: sixDigits(Math.max(0, bar.high)),
      }));
    if (slot.over) {
      const top = Math.max(0, ...slot.bars.map((bar) => bar.high));
      rows.push({ text: slot.over.join('\n'), x: hundredths(centre), y: sixDigits(top) });
    }
    return rows;
  });
}

/** Rows of names under the axis, the innermost next to it; a thin line spans each group. Points from the plot's top. */
function namesUnder(chart: BarChart, layout: SlotLayout, height: number) {
  const levels = chart.nameFields.length;
  const labels: { text: string; x: number; y: number }[] = [];
  const rules: { x: number; x2: number; y: number }[] = [];
  let y = height + 4;
  for (let level = 0; level < levels; level++) {
    const row = layout.labels.filter((label) => label.level === level);
    if (level > 0) {
      y += 2;
      rules.push(...row.map((label) => ({ x: hundredths(label.start), x2: hundredths(label.end), y })));
      y += 3;
    }
    labels.push(...row.map((label) => ({ text: label.lines.join('\n'), x: hundredths(label.centre), y })));
    y += Math.max(...row.map((label) => label.lines.length)) * labelLineHeight;
  }
  const titleY = y + 3;
  return { labels, rules, titleY, depth: Math.ceil(titleY + fontSizes.title - height) };
}
