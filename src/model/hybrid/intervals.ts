import { quantile } from '../../base/statistics.js';

/** Share of cases that an interval is to hold. */
export const intervalLevel = 0.9;

// One-sided 95 % points of Student's t for 1..30 degrees of freedom (any table of the distribution).
const student95 = [
  6.314, 2.92, 2.353, 2.132, 2.015, 1.943, 1.895, 1.86, 1.833, 1.812, 1.796, 1.782, 1.771, 1.761, 1.753, 1.746, 1.74,
  1.734, 1.729, 1.725, 1.721, 1.717, 1.714, 1.711, 1.708, 1.706, 1.703, 1.701, 1.699, 1.697,
];
const normal95 = 1.645;

/**
 * Half width, in log(time), that holds for a device which was not fitted: the 90 % quantile of what was missed on devices
 * that were left out in turn, widened by how much Student's t exceeds the normal distribution for so few of them, since
 * rows of one device err together. null for fewer than two devices: nothing was left out.
 * @param residuals of each device that was left out, log(measured / predicted)
 */
export function unseenHalfWidth(residuals: readonly Float64Array[]): number | null {
  if (residuals.length < 2) return null;
  const misses = residuals.flatMap((each) => Array.from(each, Math.abs));
  const widening = (student95[residuals.length - 2] ?? normal95) / normal95;
  return quantile(misses, intervalLevel) * widening;
}

/** Split conformal quantile (Vovk et al. 2005): the ceil(0.9 (n + 1))-th smallest of n misses; null where n is too small. */
export function conformalHalfWidth(residuals: ArrayLike<number>): number | null {
  const rank = Math.ceil(intervalLevel * (residuals.length + 1));
  if (rank > residuals.length) return null;
  return Float64Array.from(residuals, Math.abs).sort()[rank - 1]!;
}
