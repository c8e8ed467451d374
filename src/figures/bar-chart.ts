import type { TopLevelSpec } from 'vega-lite';
import { barRows, labelLineHeight, namesUnder, overRows } from './bar-data.js';
import { type Frame, frameOf, margin, valueLineHeight, widthOver } from './bar-frame.js';
import type { BarChart } from './bar-model.js';
import { fits, paginate, placeSlots, type SlotLayout } from './layout.js';
import { sixDigits } from './numbers.js';
import { wrap } from './text.js';
import { fontSizes, themeConfig } from './theme.js';

const noteLineHeight = fontSizes.note + 2;

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
              tickCount: axis.ticks.length, // else Vega leaves every second one out on a low chart
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
