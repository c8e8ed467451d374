import { evaluatedLabel, type Row } from '../base/columns.js';
import { html, type Markup } from './html.js';
import type { ReportFamily } from './inputs.js';
import { isMeasured, numberIn, textIn } from './records.js';
import { type TableColumn, table } from './table.js';
import { formatMs } from './values.js';

const shownAtEachEnd = 5;

const milliseconds = (row: Row, column: string): string => {
  const value = numberIn(row, column);
  return value === null ? '–' : formatMs(value);
};

const percentage = (row: Row, column: string): string => {
  const value = numberIn(row, column);
  return value === null ? '–' : `${Math.round(100 * value)}%`;
};

const setting: readonly TableColumn<Row>[] = [
  { title: 'Model', cell: (row) => textIn(row, 'model') },
  { title: 'Data set', cell: (row) => textIn(row, 'dataset') },
  { title: 'Batch size', cell: (row) => textIn(row, 'batch_size'), numeric: true },
  { title: 'Optimizer', cell: (row) => textIn(row, 'optimizer') },
  { title: 'Bits', cell: (row) => textIn(row, 'precision'), numeric: true },
  { title: 'Workers', cell: (row) => textIn(row, 'vcpu'), numeric: true },
  { title: 'Storage', cell: (row) => textIn(row, 'storage') },
];

const timings: readonly TableColumn<Row>[] = [
  { title: 'Iteration', cell: (row) => milliseconds(row, 'avg_batch_time_ms'), numeric: true },
  { title: 'Compute', cell: (row) => milliseconds(row, 'T_gpu_ms'), numeric: true },
  { title: 'Loader wait', cell: (row) => milliseconds(row, 'T_cpu_io_ms'), numeric: true },
  { title: 'Wait share', cell: (row) => percentage(row, 'loader_ratio'), numeric: true },
  { title: 'Bottleneck', cell: (row) => textIn(row, 'bottleneck') },
];

/**
 * The fastest and the slowest trials of a family, all where they are few; then those that failed. None of `any`: it has
 * tables of evaluations only.
 */
export function trialTables({ family, records }: ReportFamily): Markup[] {
  if (family === 'any') return [];
  const label = evaluatedLabel[family];
  const timed = records.filter((row) => isMeasured(row) && numberIn(row, 'avg_batch_time_ms') !== null);
  timed.sort((a, b) => numberIn(a, 'avg_batch_time_ms')! - numberIn(b, 'avg_batch_time_ms')!);
  const failed = records.filter((row) => !isMeasured(row));
  const columns = [...setting, ...timings];
  const tables: Markup[] = [];
  if (timed.length > 2 * shownAtEachEnd) {
    tables.push(
      table(`${label}: fastest of ${timed.length} trials, times in ms`, columns, timed.slice(0, shownAtEachEnd)),
    );
    tables.push(
      table(
        `${label}: slowest of ${timed.length} trials, times in ms`,
        columns,
        timed.slice(-shownAtEachEnd).reverse(),
      ),
    );
  } else if (timed.length > 0) {
    tables.push(table(`${label}: trials, fastest first, times in ms`, columns, timed));
  } else {
    tables.push(html`<p class="missing">${label}: no trial was measured.</p>`);
  }
  if (failed.length > 0) {
    const why: TableColumn<Row>[] = [
      { title: 'Status', cell: (row) => textIn(row, 'status') },
      { title: 'Reason', cell: (row) => textIn(row, 'reason') },
    ];
    tables.push(table(`${label}: trials without a result`, [...setting, ...why], failed));
  }
  return tables;
}
