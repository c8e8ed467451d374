import { nonNegativeLeastSquares } from '../../physics/non-negative-least-squares.js';
import type { Case } from './cases.js';
import { type Correction, fitCorrection } from './correction.js';
import type { KernelShape } from './kernel.js';

/** A physical estimate of the device step, and what was learnt beyond it. */
export interface DeviceModel {
  /** Of `deviceTerms`; none is negative. */
  coefficients: number[];
  correction: Correction | null;
}

/** Keeps the logarithm of an estimate defined where every term with a coefficient is 0. */
const smallestMs = 1e-6;

/** The physical estimate alone, ms. */
export function estimateMs({ coefficients }: Pick<DeviceModel, 'coefficients'>, { terms }: Case): number {
  let sum = 0;
  for (let i = 0; i < terms.length; i++) sum += coefficients[i]! * terms[i]!;
  return Math.max(sum, smallestMs);
}

/** Coefficients of the terms, by least squares of the relative error. */
export function fitCoefficients(cases: readonly Case[], measuredMs: ArrayLike<number>): number[] {
  const relative = cases.map(({ terms }, i) => terms.map((term) => term / measuredMs[i]!));
  return Array.from(nonNegativeLeastSquares(relative, new Float64Array(cases.length).fill(1)));
}

/**
 * Both parts, or the estimate alone where `kernel` is null; `leaveOneOut` works out residuals of log(time), each row's
 * with that row left out of the correction.
 */
export function fitDeviceModel(
  cases: readonly Case[],
  measuredMs: ArrayLike<number>,
  kernel: KernelShape | null,
  centreCount?: number,
): { model: DeviceModel; leaveOneOut: () => Float64Array } {
  const coefficients = fitCoefficients(cases, measuredMs);
  const residuals = Float64Array.from(cases, (each, i) =>
    Math.log(measuredMs[i]! / estimateMs({ coefficients }, each)),
  );
  if (!kernel) return { model: { coefficients, correction: null }, leaveOneOut: () => residuals };
  const size = centreCount === undefined ? {} : { centreCount };
  const { correction, leaveOneOut } = fitCorrection(cases, residuals, kernel, size);
  return { model: { coefficients, correction }, leaveOneOut };
}
