import type { ValueAxis } from './axis.js';
import { filled } from './bar-frame.js';
import type { BarChart, BarSlot } from './bar-model.js';
import type { SlotLayout } from './layout.js';
import { hundredths, sixDigits } from './numbers.js';
import { fontSizes } from './theme.js';

/** The rows of the specification: what each layer draws, and where. */

/** Points between the baselines of a name's lines. */
export const labelLineHeight = fontSizes.label + 1;

/** With room for what hangs below the line. */
const titleLineHeight = 1.2 * fontSizes.title;

const named = (chart: BarChart, slot: BarSlot): Record<string, string> =>
  Object.fromEntries(chart.nameFields.map((field, index) => [field, slot.names[index]!]));

/** Bars with their names and values. */
export function barRows(chart: BarChart, layout: SlotLayout, axis: ValueAxis) {
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

/** What is printed over bars and slots. */
export function overRows(chart: BarChart, layout: SlotLayout) {
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
export function namesUnder(chart: BarChart, layout: SlotLayout, height: number) {
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
  return { labels, rules, titleY, depth: Math.ceil(titleY + titleLineHeight - height) };
}
