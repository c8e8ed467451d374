import type { Row } from '../base/columns.js';
import { InputError } from '../base/errors.js';
import { positiveIn, textIn } from './cells.js';
import type { Workload } from './workload.js';

/** What a device can do at best. */
export interface Hardware {
  name: string;
  /** Dense matrix products in float32. */
  matrixFlopsPerSecond: number;
  /** Dense matrix products in float16, where there are units for it; else what float16 arithmetic gives. */
  halfMatrixFlopsPerSecond: number;
  /** Float32 arithmetic outside matrix units. */
  vectorFlopsPerSecond: number;
  bytesPerSecond: number;
  memoryBytes: number;
  multiprocessors: number;
  /** null where nobody says. */
  l2Bytes: number | null;
  /** Board power; null where nobody says. */
  powerWatts: number | null;
}

/**
 * Columns beyond those that every recipe sees, with what a data sheet says of a GPU: rates in GFLOP/s, `L2 (MB)` in 2^20
 * bytes, `TDP (W)` of the share of the board that the row used.
 */
export const dataSheetColumns = ['FP32_matrix', 'FP16_matrix', 'L2 (MB)', 'TDP (W)'] as const;
export type DataSheetColumn = (typeof dataSheetColumns)[number];

function required(row: Row, column: string): number {
  const value = positiveIn(row, column);
  if (value !== null) return value;
  throw new InputError(
    `the hardware column '${column}' of '${textIn(row, 'gpu_name') ?? 'a device without a name'}' must be a positive number, ` +
      `not '${row[column] ?? ''}'`,
  );
}

/** Throws InputError, without saying which record, for a row that lacks a hardware column which nothing can replace. */
export function hardwareOf(row: Row): Hardware {
  const vector = required(row, 'FP32') * 1e9;
  const l2 = positiveIn(row, 'L2 (MB)');
  return {
    name: textIn(row, 'gpu_name') ?? '',
    matrixFlopsPerSecond: (positiveIn(row, 'FP32_matrix') ?? 0) * 1e9 || vector,
    halfMatrixFlopsPerSecond: (positiveIn(row, 'FP16_matrix', 'FP16') ?? 0) * 1e9 || vector,
    vectorFlopsPerSecond: vector,
    bytesPerSecond: required(row, 'GPU Memory Bandwidth (GB/s)') * 1e9,
    memoryBytes: required(row, 'Memory (GB)') * 1e9,
    multiprocessors: required(row, 'SM'),
    l2Bytes: l2 === null ? null : l2 * 2 ** 20,
    powerWatts: positiveIn(row, 'TDP (W)'),
  };
}

/** Float32 operations per joule that boards of 2016-2023 come near: it only scales a fitted coefficient. */
const flopsPerJoule = 1e11;

/**
 * Share of the matrix peak that the power of a board lets through. Dynamic power goes with frequency times voltage squared,
 * and voltage with frequency (Mudge, "Power: a first-class architectural design constraint", 2001), so frequency goes with
 * the cube root of power: a card with many units on few watts stays below its peak. Above 1 for a board with power to spare:
 * it only scales a fitted coefficient. 1 where the power is not known.
 * @param matrixFlopsPerSecond float32 matrix peak
 */
export function powerShare(powerWatts: number | null, matrixFlopsPerSecond: number): number {
  return powerWatts === null ? 1 : Math.cbrt((flopsPerJoule * powerWatts) / matrixFlopsPerSecond);
}

/** Matrix rate, in FLOP/s, that the power of the board lets through. */
export function sustainedMatrixRate(hardware: Hardware, { precision }: Pick<Workload, 'precision'>): number {
  const peak = precision === 16 ? hardware.halfMatrixFlopsPerSecond : hardware.matrixFlopsPerSecond;
  return peak * powerShare(hardware.powerWatts, hardware.matrixFlopsPerSecond);
}
