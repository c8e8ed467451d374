import { cholesky, gramOf, solveCholesky, solveLowerAll, solveLowerTransposed } from '../../base/linear-algebra.js';
import type { Case } from './cases.js';
import { spreadOut } from './centres.js';
import { covariance, type KernelShape, likeness } from './kernel.js';
import { type Point, pointOf, type Scaling, scalingOf } from './points.js';
import { forRecentDevices } from './recent-devices.js';
import { WorkLikeness } from './work-likeness.js';

/** A learned correction of log(time / estimate): a sum over centres. */
export interface Correction extends Scaling {
  kernel: KernelShape;
  centres: Point[];
  /** One per centre. */
  weights: number[];
}

export interface FittedCorrection {
  correction: Correction;
  /** Works out what each row's residual is, had it been left out of the fit (ridge regression's closed form). */
  leaveOneOut: () => Float64Array;
}

/** Kept small, since a prediction sums over all centres. */
const mostCentres = 512;
/** On the diagonal of the centres' covariance, relative to its largest entry. */
const jitter = 1e-8;

const between = (kernel: KernelShape, a: Point, b: Point): number =>
  covariance(kernel, likeness(a.work, b.work), likeness(a.device, b.device));

/**
 * Gaussian process regression of the residuals on a subset of their cases (subset of regressors; Rasmussen and Williams,
 * section 8.3.1); exact where all cases are centres.
 * @param residuals log(measured / estimate), one per case
 */
export function fitCorrection(
  cases: readonly Case[],
  residuals: Float64Array,
  kernel: KernelShape,
  { centreCount = mostCentres, scaling = scalingOf(cases) }: { centreCount?: number; scaling?: Scaling } = {},
): FittedCorrection {
  const points = cases.map((each) => pointOf(each, kernel, scaling));
  const centres = spreadOut(
    points.map(({ work, device }) => [...work, ...device]),
    centreCount,
  ).map((index) => points[index]!);
  const m = centres.length;
  const root = cholesky(centreCovariance(kernel, centres), m);
  // [cases, m]: columns are uncorrelated, of unit variance
  const whitened = points.map((point) => {
    const row = new Float64Array(m);
    for (let j = 0; j < m; j++) row[j] = between(kernel, point, centres[j]!);
    return row;
  });
  solveLowerAll(root, m, whitened);
  const normal = cholesky(normalMatrix(whitened, kernel.noise, m), m);
  const projected = new Float64Array(m);
  whitened.forEach((row, i) => {
    for (let j = 0; j < m; j++) projected[j]! += row[j]! * residuals[i]!;
  });
  const solution = solveCholesky(normal, m, projected);
  return {
    correction: { ...scaling, kernel, centres, weights: Array.from(solveLowerTransposed(root, m, solution)) },
    leaveOneOut: () => leaveOneOut(whitened, normal, solution, residuals),
  };
}

function centreCovariance(kernel: KernelShape, centres: readonly Point[]): Float64Array {
  const m = centres.length;
  const matrix = new Float64Array(m * m);
  const diagonal = covariance(kernel, 1, 1) * (1 + jitter);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < i; j++) matrix[i * m + j] = between(kernel, centres[i]!, centres[j]!);
    matrix[i * m + i] = diagonal;
  }
  return matrix;
}

/** Phi^T Phi + noise; lower triangle. */
function normalMatrix(whitened: readonly Float64Array[], noise: number, m: number): Float64Array {
  const matrix = gramOf(whitened, m);
  for (let i = 0; i < m; i++) matrix[i * m + i]! += noise;
  return matrix;
}

function leaveOneOut(
  whitened: readonly Float64Array[],
  normal: Float64Array,
  solution: Float64Array,
  residuals: Float64Array,
): Float64Array {
  const m = solution.length;
  const levers = whitened.map((row) => row.slice());
  solveLowerAll(normal, m, levers);
  return residuals.map((residual, i) => {
    const row = whitened[i]!;
    let fitted = 0;
    for (let j = 0; j < m; j++) fitted += row[j]! * solution[j]!;
    const leverage = levers[i]!.reduce((sum, value) => sum + value * value, 0);
    return (residual - fitted) / Math.max(1 - leverage, 1e-6);
  });
}

/** A function from cases to the logarithm of their correction; it remembers the devices and the work that it met lately. */
export function corrector(correction: Correction): (each: Case) => number {
  const { kernel, centres, weights } = correction;
  const likenessOfWork = new WorkLikeness(centres.map(({ work }) => work));
  const foldedOn = forRecentDevices((device): Folded => {
    const bells = centres.map((centre) => likeness(device, centre.device));
    return {
      offset: kernel.offset * bells.reduce((sum, bell, i) => sum + bell * weights[i]!, 0),
      weights: Float64Array.from(bells, (bell, i) => (kernel.transferable + kernel.particular * bell) * weights[i]!),
    };
  });
  return (each) => {
    const { work, device } = pointOf(each, kernel, correction);
    const folded = foldedOn(device);
    const bells = likenessOfWork.of(work);
    let sum = folded.offset;
    for (let i = 0; i < bells.length; i++) sum += bells[i]! * folded.weights[i]!;
    return sum;
  };
}

/** What a correction comes to on one device: the parts of the kernel that depend on the device are in the weights. */
interface Folded {
  offset: number;
  weights: Float64Array;
}
