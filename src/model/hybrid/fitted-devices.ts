import { quantile } from '../../base/statistics.js';
import type { Case } from './cases.js';
import { conformalHalfWidth, intervalLevel } from './intervals.js';
import type { FittedDevice } from './model.js';

/** Logarithms of device features that differ by less are the same device: data sheets round, and clocks are told apart. */
const sameDevice = 0.05;

export const isSameDevice = (a: readonly number[], b: readonly number[]): boolean =>
  a.every((value, i) => Math.abs(value - b[i]!) < sameDevice);

/**
 * The devices of the cases, each with the half width that its own residuals call for; one with too few rows for that
 * gets the greater of its largest residual and what all rows call for.
 */
export function intervalsOf(cases: readonly Case[], residuals: ArrayLike<number>): FittedDevice[] {
  const pooled = quantile(Array.from(residuals, Math.abs), intervalLevel);
  const members = new Map<string, { each: Case; residuals: number[] }>();
  for (const [i, each] of cases.entries()) {
    const key = each.device.join();
    const known = members.get(key) ?? { each, residuals: [] };
    known.residuals.push(residuals[i]!);
    members.set(key, known);
  }
  return [...members.values()].map(({ each, residuals: own }) => ({
    name: each.hardware.name,
    device: each.device,
    rows: own.length,
    halfWidth: conformalHalfWidth(own) ?? Math.max(pooled, ...own.map(Math.abs)),
  }));
}
