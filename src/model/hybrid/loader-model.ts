import type { Row } from '../../base/columns.js';
import { mean } from '../../base/statistics.js';
import { positiveIn } from '../../physics/cells.js';
import { joinMs, loaderTerms, loaderTermsOf, readsDevice, storageOf } from '../../physics/loader.js';
import { nonNegativeLeastSquares } from '../../physics/non-negative-least-squares.js';
import type { Case } from './cases.js';
import { type Ingredient, loaderTermsIn } from './ingredients.js';
import { tellsWait, type Waiting } from './waiting.js';

/** How batches are prepared beside the device step. */
export interface LoaderModel {
  /** Of `loaderTerms`; none is negative. */
  coefficients: number[];
  /** Share of the shorter part that is not hidden, where the CPU computes too and where it does not. */
  contention: { cpu: number; accelerator: number };
  /** Rows whose iterations waited for their batches. */
  waitingRows: number;
  /** Numbers of workers and storage modes of the rows. */
  workers: number[];
  storageModes: string[];
}

/** Fits that take in rows whose loader would have been longer than their iteration. */
const mostRounds = 10;
/** Without this many rows that show what the loader takes, it is not modelled. */
const fewestRows = 8;
/** Of a row that does not wait, where one that does counts 1: by itself a loader is quicker than beside a step. */
const weightOfAlone = 0.3;

/** Keeps logarithms defined. */
const shortestMs = 1e-6;

const contentionOf: LoaderModel['contention'] = { cpu: 1, accelerator: 0 };

/** The class of a row's device. */
export const deviceClass = (row: Row): keyof LoaderModel['contention'] =>
  row.gpu_name === 'CPU' || row.gpu_arch === 'CPU' ? 'cpu' : 'accelerator';

/** What of a row's loader no fitted row had. */
export function unseenLoading({ workers, storageModes }: LoaderModel, row: Row): string[] {
  const reasons: string[] = [];
  const count = positiveIn(row, 'vcpu');
  const between = count === null || (count >= workers[0]! && count <= workers.at(-1)!);
  if (!between) reasons.push(`${count} workers: ${workers.join(', ')} were fitted`);
  const mode = storageOf(row);
  if (mode !== '' && !storageModes.includes(mode)) reasons.push(`storage mode ${mode} was not fitted`);
  return reasons;
}

/** Whether the model has seen what iterations take that wait for their batches. */
export const knowsWaiting = ({ waitingRows }: LoaderModel): boolean => waitingRows >= fewestRows;

/**
 * What preparing a batch takes, as measured: the iteration where it waits for its batches, since they set the pace then,
 * else what the loader took on its own; null for a row that shows neither.
 */
function measuredLoaderMs(row: Row, { waits, handoverMs }: Waiting): number | null {
  if (waits(row)) return Math.max(Number(row.avg_batch_time_ms) - handoverMs, 0) || null;
  const prepareMs = positiveIn(row, 'prepare_ms');
  return prepareMs && prepareMs + (readsDevice(row) ? (positiveIn(row, 'fetch_ms') ?? 0) : 0);
}

/** What preparing a batch takes by itself, ms; 0 for a row that names no workers. */
export function loaderMs({ coefficients }: Pick<LoaderModel, 'coefficients'>, row: Row, { workload }: Case): number {
  const terms = loaderTermsOf(row, workload);
  return terms ? sumOf(coefficients, terms) : 0;
}

/** What an iteration of the row spends on a batch that is ready, ms; 0 for one without a loader. */
export const handoverOf = ({ handoverMs }: { handoverMs: number }, row: Row): number =>
  typeof row.vcpu === 'number' ? handoverMs : 0;

/**
 * Iteration that follows from a step: the slower side sets the pace.
 * @param preparationMs of a batch; null where it is not known, and taken to be hidden
 */
export function iterationMs(
  model: { loader: LoaderModel | null; handoverMs: number },
  row: Row,
  stepMs: number,
  preparationMs: number | null,
): number {
  const { loader } = model;
  const hidden = loader === null || preparationMs === null;
  const joined = hidden ? stepMs : joinMs(stepMs, preparationMs, loader.contention[deviceClass(row)]);
  return joined + handoverOf(model, row);
}

/** A row that shows what its loader takes: values of the terms, their sum as measured, and how much that counts. */
interface Shown {
  terms: number[];
  ms: number;
  weight: number;
}

/**
 * Coefficients from the rows that show what their loader takes. The others kept up: no loader of theirs takes longer than
 * their iteration, so those that would are taken in as if it took as long, until there are none.
 * @param upTo values of the terms, and the iteration, of rows that kept up
 */
function boundedCoefficients(shown: readonly Shown[], upTo: readonly Shown[]): number[] {
  const taken = [...shown];
  const open = new Set(upTo);
  for (let round = 0; ; round++) {
    const relative = taken.map(({ terms, ms, weight }) => terms.map((term) => (weight * term) / ms));
    const targets = Float64Array.from(taken, ({ weight }) => weight);
    const coefficients = Array.from(nonNegativeLeastSquares(relative, targets));
    const beyond = [...open].filter(({ terms, ms }) => sumOf(coefficients, terms) > ms);
    if (beyond.length === 0 || round === mostRounds) return coefficients;
    for (const each of beyond) open.delete(each);
    taken.push(...beyond);
  }
}

const sumOf = (coefficients: readonly number[], terms: readonly number[]): number =>
  terms.reduce((sum, term, i) => sum + term * coefficients[i]!, 0);

/**
 * The model, or null where the rows do not show what a loader takes.
 * @param without what it does without: terms, contention, or all of it
 */
export function fitLoaderModel(
  rows: readonly Row[],
  cases: readonly Case[],
  computeMs: ArrayLike<number>,
  totalMs: ArrayLike<number>,
  waitingOfRows: Waiting,
  without: readonly Ingredient[] = [],
): LoaderModel | null {
  if (without.includes('loader')) return null;
  const leftOut = loaderTermsIn(without);
  const { waits, handoverMs } = waitingOfRows;
  const shown: Shown[] = [];
  const upTo: Shown[] = [];
  for (const [i, row] of rows.entries()) {
    const terms = loaderTermsOf(row, cases[i]!.workload)?.map((term, j) =>
      leftOut.includes(loaderTerms[j]!) ? 0 : term,
    );
    if (!terms) continue;
    const measured = measuredLoaderMs(row, waitingOfRows);
    if (measured !== null) shown.push({ terms, ms: measured, weight: waits(row) ? 1 : weightOfAlone });
    else if (tellsWait(row)) upTo.push({ terms, ms: totalMs[i]!, weight: 1 });
  }
  if (shown.length < fewestRows) return null;
  const coefficients = boundedCoefficients(shown, upTo);
  const pairs = rows.flatMap((row, i) =>
    positiveIn(row, 'vcpu') === null
      ? []
      : {
          device: deviceClass(row),
          computeMs: computeMs[i]!,
          loaderMs: loaderMs({ coefficients }, row, cases[i]!),
          totalMs: Math.max(totalMs[i]! - handoverMs, shortestMs),
        },
  );
  const contention = without.includes('contention') ? { cpu: 0, accelerator: 0 } : fitContention(pairs);
  const named = rows.filter((row) => positiveIn(row, 'vcpu') !== null);
  return {
    coefficients,
    contention,
    waitingRows: rows.filter(waits).length,
    workers: [...new Set(named.map((row) => Number(row.vcpu)))].sort((a, b) => a - b),
    storageModes: [...new Set(named.map(storageOf))].filter((mode) => mode !== '').sort(),
  };
}

/** Both parts of an iteration by themselves, and the iteration without its hand-over, ms. */
interface Pair {
  device: keyof LoaderModel['contention'];
  computeMs: number;
  loaderMs: number;
  totalMs: number;
}

function fitContention(pairs: readonly Pair[]): LoaderModel['contention'] {
  const of = (device: Pair['device']) => {
    const members = pairs.filter((pair) => pair.device === device);
    return members.length < fewestRows ? contentionOf[device] : bestContention(members);
  };
  return { cpu: of('cpu'), accelerator: of('accelerator') };
}

/** Of 0, 0.05, ... 1 the one with the smallest mean error of the logarithm. */
function bestContention(measured: readonly Pair[]): number {
  let best = 0;
  let smallest = Number.POSITIVE_INFINITY;
  for (let step = 0; step <= 20; step++) {
    const error = mean(
      measured.map((each) => Math.abs(Math.log(each.totalMs / joinMs(each.computeMs, each.loaderMs, step / 20)))),
    );
    if (error < smallest) [best, smallest] = [step / 20, error];
  }
  return best;
}
