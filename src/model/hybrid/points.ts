import { mean } from '../../base/statistics.js';
import type { Case } from './cases.js';
import type { KernelShape } from './kernel.js';

/** The features of a case, divided by the lengths of the kernel. */
export interface Point {
  work: number[];
  device: number[];
}

/** What is subtracted from the work features, and what they are then divided by. */
export interface Scaling {
  workMean: number[];
  workScale: number[];
}

/** Standard deviation to divide by; 1 for a column that is constant but for rounding. */
function scaleOf(values: number[]): number {
  const centre = mean(values);
  const deviation = Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
  return deviation > 1e-9 * Math.max(1, Math.abs(centre)) ? deviation : 1;
}

export function scalingOf(cases: readonly Case[]): Scaling {
  const columns = cases[0]!.work.map((_, i) => cases.map(({ work }) => work[i]!));
  return { workMean: columns.map(mean), workScale: columns.map(scaleOf) };
}

export function pointOf({ work, device }: Case, kernel: KernelShape, { workMean, workScale }: Scaling): Point {
  return {
    work: work.map((value, i) => (value - workMean[i]!) / (workScale[i]! * kernel.workLength)),
    device: device.map((value) => value / kernel.deviceLength),
  };
}
