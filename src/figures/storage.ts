import type { TopLevelSpec } from 'vega-lite';
import type { Row } from '../base/columns.js';
import type { Drawn } from './figure.js';
import { byName, drawableNumber, groupBy } from './groups.js';
import { drawable, wrap } from './text.js';
import { fontSizes, pageWidths, plotHeights, storageColours, themeConfig } from './theme.js';

/** A case of `storage.csv` as a point of the figure. */
export interface StoragePoint {
  /** Pattern and block size: one line of the figure. */
  series: string;
  /** Depth times threads. */
  readsInFlight: number;
  megabytesPerSecond: number;
  p99Ms: number;
}

/** The columns that the figure needs; what else the file has is said in words where it is there. */
export const storageFigureColumns = [
  'target',
  'pattern',
  'block_bytes',
  'depth',
  'threads',
  'bytes_per_s',
  'latency_p99_ns',
] as const;

/** Points between the page's edge and the line of a value axis: title, tick labels and ticks. */
const axisRoom = 45;
const panelGap = 14;
const margin = 4;
const mebi = 2 ** 20;

/**
 * Throughput and p99 of read latency against the reads in flight: a line for each pattern and block size, a page for
 * each target.
 * @param rows of `storage.csv`; cases that failed are left out
 */
export function storageFigure(rows: readonly Row[]): Drawn | { reason: string } {
  const usable = rows.filter(({ failure }) => failure === undefined || failure === null || failure === '');
  if (usable.length === 0) return { reason: 'no storage case was measured: run storage first' };
  const pages = [...groupBy(usable, (row) => String(row.target)).values()];
  return {
    specs: pages.map(page),
    title: 'Storage: throughput and p99 latency',
    caption:
      'Throughput (10^6 bytes/s) and the 99th percentile of the latency of a read, against the reads in flight (depth x ' +
      `threads), by pattern and block size, of ${usable.length} cases.`,
  };
}

/** By pattern, block size and reads in flight. */
export function storagePoints(rows: readonly Row[]): StoragePoint[] {
  const points = rows.map((row) => {
    const number = (column: string) => drawableNumber(row[column], column, `storage case '${String(row.case)}'`);
    const pattern = String(row.pattern);
    const blockBytes = number('block_bytes');
    const point: StoragePoint = {
      series: seriesOf(pattern, blockBytes),
      readsInFlight: number('depth') * number('threads'),
      megabytesPerSecond: number('bytes_per_s') / 1e6,
      p99Ms: number('latency_p99_ns') / 1e6,
    };
    return { pattern, blockBytes, point };
  });
  return points
    .sort(
      (a, b) =>
        byName(a.pattern, b.pattern) || a.blockBytes - b.blockBytes || a.point.readsInFlight - b.point.readsInFlight,
    )
    .map(({ point }) => point);
}

const seriesOf = (pattern: string, bytes: number) =>
  pattern === 'files' ? 'Whole files' : `${pattern === 'random' ? 'Random' : 'Sequential'} ${sizeInWords(bytes)}`;

const sizeInWords = (bytes: number) => (bytes % mebi === 0 ? `${bytes / mebi} MiB` : `${bytes / 1024} KiB`);

function page(rows: readonly Row[]): TopLevelSpec {
  const points = storagePoints(rows);
  const series = [...new Set(points.map((point) => point.series))];
  const depths = [...new Set(points.map(({ readsInFlight }) => readsInFlight))].sort((a, b) => a - b);
  // A scale needs an extent, even where all cases have the same depth.
  const domain = depths.length > 1 ? [depths[0]!, depths.at(-1)!] : [depths[0]! / 2, depths[0]! * 2];
  const width = (pageWidths.page - 2 * (margin + axisRoom) - panelGap) / 2;
  const panel = (field: string, title: string) => ({
    width,
    height: plotHeights.page,
    mark: { type: 'line' as const, point: { filled: true, size: 28 }, strokeWidth: 1.2 },
    encoding: {
      x: {
        field: 'readsInFlight',
        type: 'quantitative' as const,
        title: 'Reads in flight',
        scale: { type: 'log' as const, base: 2, domain, nice: false, padding: 12 },
        axis: { values: depths, labelOverlap: true, format: 'd' },
      },
      y: {
        field,
        type: 'quantitative' as const,
        title,
        scale: { type: 'log' as const, nice: true },
        axis: { format: ',~r', minExtent: axisRoom - 13, maxExtent: axisRoom - 13, labelOverlap: true },
      },
      color: { field: 'series', type: 'nominal' as const, scale: { domain: series, range: [...storageColours] } },
      shape: { field: 'series', type: 'nominal' as const, scale: { domain: series } },
    },
  });
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: { text: wrap(noteOf(rows), pageWidths.page - axisRoom - 2 * margin, fontSizes.note, { style: 'italic' }) },
    data: { values: points },
    padding: margin,
    spacing: panelGap,
    hconcat: [panel('megabytesPerSecond', 'Throughput (MB/s)'), panel('p99Ms', 'p99 latency (ms)')],
    config: { ...themeConfig, legend: { ...themeConfig.legend, orient: 'bottom', columns: 4, symbolType: 'circle' } },
  };
}

/** The small line over the figure: what was read, how, and what of it did not come from the device. */
function noteOf(rows: readonly Row[]): string {
  const [first] = rows;
  const way = first!.direct === true ? 'past the page cache' : 'through the page cache';
  const cached = rows.filter(({ served_by: by }) => typeof by === 'string' && by !== 'device').length;
  const served = cached === 0 ? '' : `${cached} of ${rows.length} cases not served by the device alone`;
  const parts = [first!.target, first!.disks, first!.file_system, way, served];
  return drawable(parts.filter((part) => typeof part === 'string' && part !== '').join(' · '));
}
