import type { Row } from '../../base/columns.js';
import { median, quantile } from '../../base/statistics.js';
import { countIn, positiveIn } from '../../physics/cells.js';

/** Share of an iteration spent waiting, from which on the loader is taken to set the pace ... */
const waiting = 0.1;
/** ... where it is so many times what the hand-over of a batch takes that is ready. */
const beyondHandover = 4;
/** Of what rows wait, the share that is least: there the batch was ready, or all rows wait. */
const ready = 0.1;
const longestHandoverMs = 1;

/** How a loader's part of the rows is to be read. */
export interface Waiting {
  /** Whether an iteration waits for its batch for a good part of its time. */
  waits: (row: Row) => boolean;
  /** What an iteration spends on a batch that is ready, ms; 0 where rows do not tell. */
  handoverMs: number;
}

const waitMs = (row: Row): number => countIn(row, 'T_cpu_io_ms') ?? 0;
/** Whether a row says how long its iteration waits for a batch. */
export const tellsWait = (row: Row): boolean => countIn(row, 'T_cpu_io_ms') !== null;

/** What rows tell of waiting: those with the shortest waits had their batch ready, so that this is its hand-over. */
export function waitingOf(rows: readonly Row[]): Waiting {
  const loading = rows.filter((row) => positiveIn(row, 'vcpu') !== null && tellsWait(row));
  const least = loading.length === 0 ? 0 : Math.min(quantile(loading.map(waitMs), ready), longestHandoverMs);
  const waits = (row: Row): boolean => {
    const totalMs = positiveIn(row, 'avg_batch_time_ms');
    return totalMs !== null && waitMs(row) > Math.max(waiting * totalMs, beyondHandover * least);
  };
  const others = loading.filter((row) => !waits(row));
  return { waits, handoverMs: others.length === 0 ? 0 : median(others.map(waitMs)) };
}
