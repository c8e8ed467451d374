import { type DeviceTerm, deviceTerms } from '../../physics/device-terms.js';
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

/** What each term takes of a step, ms: their shares of the estimate. Terms that take nothing are left out. */
export function stepParts(
  model: Pick<DeviceModel, 'coefficients'>,
  each: Case,
  stepMs: number,
): Partial<Record<DeviceTerm, number>> {
  const perEstimated = stepMs / estimateMs(model, each);
  const parts = deviceTerms.map((term, i) => [term, model.coefficients[i]! * each.terms[i]! * perEstimated] as const);
  return Object.fromEntries(parts.filter(([, ms]) => ms > 0));
}

/** What no row shows is taken to reach the same share of the sheet as its likeness: products and convolutions. */
const likenesses: readonly (readonly [DeviceTerm, DeviceTerm])[] = [
  ['matrix', 'convolution'],
  ['convolution', 'matrix'],
];

/** Coefficients of the terms, by least squares of the relative error; 0 for those that are left out. */
export function fitCoefficients(
  cases: readonly Case[],
  measuredMs: ArrayLike<number>,
  without: readonly DeviceTerm[] = [],
): number[] {
  const share = deviceTerms.map((term) => (without.includes(term) ? 0 : 1));
  const relative = cases.map(({ terms }, i) => terms.map((term, j) => (share[j]! * term) / measuredMs[i]!));
  const coefficients = Array.from(nonNegativeLeastSquares(relative, new Float64Array(cases.length).fill(1)));
  for (const [term, alike] of likenesses) {
    const [i, j] = [deviceTerms.indexOf(term), deviceTerms.indexOf(alike)];
    if (relative.every((row) => row[i] === 0)) coefficients[i] = coefficients[j]!;
  }
  return coefficients;
}

export interface DeviceModelOptions {
  /** null: no correction. */
  kernel: KernelShape | null;
  /** Terms that the estimate does without. */
  without: readonly DeviceTerm[];
}

/**
 * Both parts, or the estimate alone where `kernel` is null; `leaveOneOut` works out residuals of log(time), each row's
 * with that row left out of the correction.
 */
export function fitDeviceModel(
  cases: readonly Case[],
  measuredMs: ArrayLike<number>,
  { kernel, without }: DeviceModelOptions,
  centreCount?: number,
): { model: DeviceModel; leaveOneOut: () => Float64Array } {
  const coefficients = fitCoefficients(cases, measuredMs, without);
  const residuals = Float64Array.from(cases, (each, i) =>
    Math.log(measuredMs[i]! / estimateMs({ coefficients }, each)),
  );
  if (!kernel) return { model: { coefficients, correction: null }, leaveOneOut: () => residuals };
  const size = centreCount === undefined ? {} : { centreCount };
  const { correction, leaveOneOut } = fitCorrection(cases, residuals, kernel, size);
  return { model: { coefficients, correction }, leaveOneOut };
}
