import type { Row } from '../base/columns.js';
import { countIn, positiveIn, textIn } from './cells.js';
import type { Workload } from './workload.js';

/** The parts of preparing a batch; each a time in ms that is multiplied by a fitted, non-negative coefficient. */
export const loaderTerms = ['decode', 'fetch', 'uncached fetch', 'queued fetch', 'copy'] as const;
export type LoaderTerm = (typeof loaderTerms)[number];

/** Where a row does not say how fast a worker decodes: bytes of finished samples per second. */
const assumedDecodeBytesPerSecond = 100e6;
/** Where a row does not say how fast storage gives samples; bytes per second. */
const assumedReadBytesPerSecond = 500e6;
/** Of a host bus (PCIe 3.0 x16, the least of the catalogue); bytes per second. */
const busBytesPerSecond = 12e9;

/** Storage mode of a row in capitals; '' where it has none. */
export const storageOf = (row: Row): string => textIn(row, 'storage')?.toUpperCase() ?? '';

/** Storage mode whose reads leave nothing in the page cache: workers hinder each other there. */
const uncached = 'SSD';
const deviceModes = new Set([uncached, 'COLD']);

/** Whether samples come from the device in the storage mode of a row; in the others they are in the page cache. */
export const readsDevice = (row: Row): boolean => deviceModes.has(storageOf(row));

/**
 * Values of `loaderTerms`, in their order, for a batch that is prepared while nothing else happens; null for a row that
 * names no workers:
 * - decode: samples / (rate of one worker x workers that have a CPU);
 * - fetch: bytes of the files / (read rate of one worker x workers), where the storage mode goes to the device;
 * - uncached fetch: the same where nothing is cached, for what that costs beyond;
 * - queued fetch: what of that more workers do not save where nothing is cached, if only one reads at a time (Amdahl):
 *   bytes of the files / read rate of one worker x (1 - 1 / workers);
 * - copy: bytes of the finished batch / bus.
 */
export function loaderTermsOf(row: Row, { batchSize, inputBytes }: Workload): number[] | null {
  const asked = positiveIn(row, 'vcpu');
  if (asked === null) return null;
  const workers = Math.min(asked, positiveIn(row, 'cpu_cap') ?? asked);
  const rate = positiveIn(row, 'decode_images_per_s_per_worker');
  const decodeSeconds = rate === null ? inputBytes / assumedDecodeBytesPerSecond : batchSize / rate;
  const fileBytes = batchSize * (countIn(row, 'disk_bytes_per_sample') ?? inputBytes / batchSize);
  const readRate = (positiveIn(row, 'storage_read_mbps') ?? 0) * 1e6 || assumedReadBytesPerSecond;
  const fetchMs = readsDevice(row) ? (1000 * fileBytes) / readRate : 0;
  const uncachedMs = storageOf(row) === uncached ? fetchMs : 0;
  return [
    (1000 * decodeSeconds) / workers,
    fetchMs / workers,
    uncachedMs / workers,
    uncachedMs * (1 - 1 / workers),
    (1000 * inputBytes) / busBytesPerSecond,
  ];
}

/**
 * Time of an iteration, ms, when one side prepares batches while the other computes: the slower sets the pace, and what
 * the faster one takes of shared cores or memory comes on top.
 * @param contention share of the shorter part that is not hidden: 0 for separate machines, 1 where they take turns
 */
export function joinMs(computeMs: number, loaderMs: number, contention: number): number {
  return Math.max(computeMs, loaderMs) + contention * Math.min(computeMs, loaderMs);
}
