import type { Row } from '../base/columns.js';
import { positiveIn } from './cells.js';
import { powerShare } from './hardware.js';

/** What was measured of a GPU, and what its driver says of it; null where it was not. Rates in 10^9 per second. */
export interface MeasuredDevice {
  /** Copy from and to memory, both counted. */
  copyGBps: number | null;
  /** Fused multiply-adds in registers. */
  fp32: number | null;
  fp16: number | null;
  fp64: number | null;
  /** Matrix products in float16. */
  matrixFp16: number | null;
  powerLimitWatts: number | null;
  memoryBytes: number;
  multiprocessors: number;
  l2Bytes: number;
}

/** A rate that was measured, and how it stands to the data sheet's. */
interface Quantity {
  column: string;
  /** In words, with the unit of the column. */
  what: string;
  unit: string;
  measured: (device: MeasuredDevice) => number | null;
  /** Of the data sheet's, on a card that keeps what its sheet promises. */
  usualShare: number;
  /** Relative distance from that within which the sheet is taken to be right. */
  tolerance: number;
}

const flops = 'GFLOP/s';

// Usual shares: docs/predictor.md tells where they come from.
const bandwidth: Quantity = {
  column: 'GPU Memory Bandwidth (GB/s)',
  what: 'memory bandwidth',
  unit: 'GB/s',
  measured: ({ copyGBps }) => copyGBps,
  usualShare: 0.9,
  tolerance: 0.15,
};
const arithmetic = { unit: flops, usualShare: 0.98, tolerance: 0.15 };
const fp32: Quantity = { ...arithmetic, column: 'FP32', what: 'fp32 rate', measured: (device) => device.fp32 };
const fp16: Quantity = { ...arithmetic, column: 'FP16', what: 'fp16 rate', measured: (device) => device.fp16 };
const fp64: Quantity = { ...arithmetic, column: 'FP64', what: 'fp64 rate', measured: (device) => device.fp64 };
/** Its share is of the rate that the board's power lets through, which boards differ in the most. */
const matrix: Quantity = {
  column: 'FP16_matrix',
  what: 'fp16 matrix rate',
  unit: flops,
  measured: ({ matrixFp16 }) => matrixFp16,
  usualShare: 0.85,
  tolerance: 0.3,
};

/** A power limit below this share of what the board is made for is one that somebody set. */
const limitedPower = 0.95;

/**
 * Columns of a record for a measured GPU that the catalogue knows, where they differ from its data sheet, and a sentence on
 * each quantity. Coefficients were fitted on data sheets, so a measured rate enters as that of the data sheet which it would
 * come from, measured / usual share; where this is near the card's own, the latter stays, so that the predictor recognises a
 * card that it was fitted on.
 * @param sheet hardware columns and those of `dataSheetColumns`
 */
export function columnsOfKnownCard(device: MeasuredDevice, sheet: Row): { columns: Row; notes: string[] } {
  const made = positiveIn(sheet, 'TDP (W)');
  const limit = device.powerLimitWatts;
  const isLimited = limit !== null && made !== null && limit < limitedPower * made;
  const columns: Row = isLimited ? { 'TDP (W)': limit } : {};
  const notes = isLimited ? [`power: limited to ${limit} W of ${made} W`] : [];
  // The matrix rate comes last: it depends on power and fp32 rate.
  for (const quantity of [bandwidth, fp32, matrix]) {
    const known = positiveIn(sheet, quantity.column);
    const usualShare = usualShareOf(quantity, { ...sheet, ...columns });
    const value = asDataSheet(device, quantity, usualShare);
    const differs = value !== null && !(known !== null && isNear(value, known, quantity.tolerance));
    if (differs) columns[quantity.column] = value;
    notes.push(noteOf(device, quantity, { known, taken: differs ? value : known, usualShare }));
  }
  return { columns, notes };
}

/** As `columnsOfKnownCard`, all columns, for a GPU of which nothing but the measurement is known. */
export function columnsOfUnknownCard(device: MeasuredDevice): { columns: Row; notes: string[] } {
  const columns: Row = {
    'Memory (GB)': rounded(device.memoryBytes / 2 ** 30),
    SM: device.multiprocessors,
    'L2 (MB)': rounded(device.l2Bytes / 2 ** 20),
    'TDP (W)': device.powerLimitWatts,
  };
  const notes: string[] = [];
  for (const quantity of [bandwidth, fp32, fp16, fp64, matrix]) {
    const usualShare = usualShareOf(quantity, columns);
    const value = asDataSheet(device, quantity, usualShare);
    columns[quantity.column] = value;
    notes.push(noteOf(device, quantity, { known: null, taken: value, usualShare }));
  }
  return { columns, notes };
}

const rounded = (value: number): number => Number(value.toPrecision(4));

const isNear = (a: number, b: number, tolerance: number): boolean =>
  Math.abs(Math.log(a / b)) <= Math.log(1 + tolerance);

function usualShareOf(quantity: Quantity, columns: Row): number {
  if (quantity !== matrix) return quantity.usualShare;
  const fp32Matrix = positiveIn(columns, 'FP32_matrix', 'FP32');
  return fp32Matrix === null
    ? quantity.usualShare
    : quantity.usualShare * powerShare(positiveIn(columns, 'TDP (W)'), fp32Matrix * 1e9);
}

/** The rate of a data sheet whose card would usually reach what was measured. */
function asDataSheet(device: MeasuredDevice, { measured }: Quantity, usualShare: number): number | null {
  const value = measured(device);
  return value === null ? null : rounded(value / usualShare);
}

interface Judgement {
  /** Of the data sheet. */
  known: number | null;
  taken: number | null;
  usualShare: number;
}

function noteOf(device: MeasuredDevice, quantity: Quantity, { known, taken, usualShare }: Judgement): string {
  const { what, unit } = quantity;
  const value = quantity.measured(device);
  const percent = (share: number) => `${Math.round(100 * share)} %`;
  if (value === null) {
    return known === null
      ? `${what}: not known`
      : `${what}: not measured; ${known} ${unit} of the data sheet are taken`;
  }
  const reached = `${what}: ${rounded(value)} ${unit} measured`;
  const ofSheet = known === null ? '' : `, ${percent(value / known)} of the data sheet's ${known}`;
  if (taken === known) return `${reached}${ofSheet}, which is kept, since about ${percent(usualShare)} are usual`;
  return `${reached}${ofSheet}; usual are ${percent(usualShare)}: ${taken} taken as a data sheet's`;
}
