import type { Row } from '../../base/columns.js';
import { mean } from '../../base/statistics.js';
import { positiveIn } from '../../physics/cells.js';
import { joinMs, loaderTerms, loaderTermsOf, readsDevice, storageOf } from '../../physics/loader.js';
import { nonNegativeLeastSquares } from '../../physics/non-negative-least-squares.js';
import type { Case } from './cases.js';
import { type Ingredient, loaderTermsIn } from './ingredients.js';

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

/** Share of an iteration spent waiting, from which on the loader is taken to set the pace. */
const waiting = 0.1;
/** Without this many rows that show what the loader takes, it is not modelled. */
const fewestRows = 8;
/** Of a row that does not wait, where one that does counts 1: by itself a loader is quicker than beside a step. */
const weightOfAlone = 0.3;

const contentionOf: LoaderModel['contention'] = { cpu: 1, accelerator: 0 };

/** The class of a row's device. */
export const deviceClass = (row: Row): keyof LoaderModel['contention'] =>
  row.gpu_name === 'CPU' || row.gpu_arch === 'CPU' ? 'cpu' : 'accelerator';

/** Whether an iteration of the row waits for its batch for a good part of its time. */
function waits(row: Row): boolean {
  const totalMs = positiveIn(row, 'avg_batch_time_ms');
  return totalMs !== null && (positiveIn(row, 'T_cpu_io_ms') ?? 0) > waiting * totalMs;
}

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
function measuredLoaderMs(row: Row): number | null {
  if (waits(row)) return positiveIn(row, 'avg_batch_time_ms');
  const prepareMs = positiveIn(row, 'prepare_ms');
  return prepareMs && prepareMs + (readsDevice(row) ? (positiveIn(row, 'fetch_ms') ?? 0) : 0);
}

/** What preparing a batch takes by itself, ms; 0 for a row that names no workers. */
export function loaderMs({ coefficients }: Pick<LoaderModel, 'coefficients'>, row: Row, { workload }: Case): number {
  const terms = loaderTermsOf(row, workload);
  return terms ? terms.reduce((sum, term, i) => sum + term * coefficients[i]!, 0) : 0;
}

/**
 * The model, or null where the rows do not show what a loader takes.
 * @param without what it does without: terms, contention, or all of it
 */
export function fitLoaderModel(
  rows: readonly Row[],
  cases: readonly Case[],
  computeMs: ArrayLike<number>,
  totalMs: ArrayLike<number>,
  without: readonly Ingredient[] = [],
): LoaderModel | null {
  if (without.includes('loader')) return null;
  const leftOut = loaderTermsIn(without);
  const shares = loaderTerms.map((term) => (leftOut.includes(term) ? 0 : 1));
  const relative: number[][] = [];
  const targets: number[] = [];
  for (const [i, row] of rows.entries()) {
    const terms = loaderTermsOf(row, cases[i]!.workload);
    const measured = measuredLoaderMs(row);
    if (!terms || measured === null) continue;
    const weight = waits(row) ? 1 : weightOfAlone;
    relative.push(terms.map((term, j) => (shares[j]! * weight * term) / measured));
    targets.push(weight);
  }
  if (relative.length < fewestRows) return null;
  const coefficients = Array.from(nonNegativeLeastSquares(relative, Float64Array.from(targets)));
  const contention = without.includes('contention') ? { cpu: 0, accelerator: 0 } : { ...contentionOf };
  for (const device of without.includes('contention') ? [] : (['cpu', 'accelerator'] as const)) {
    const members = rows.flatMap((row, i) => (deviceClass(row) === device && positiveIn(row, 'vcpu') ? [i] : []));
    if (members.length < fewestRows) continue;
    contention[device] = bestContention(
      members.map((i) => ({
        computeMs: computeMs[i]!,
        loaderMs: loaderMs({ coefficients }, rows[i]!, cases[i]!),
        totalMs: totalMs[i]!,
      })),
    );
  }
  const named = rows.filter((row) => positiveIn(row, 'vcpu') !== null);
  return {
    coefficients,
    contention,
    waitingRows: rows.filter(waits).length,
    workers: [...new Set(named.map((row) => Number(row.vcpu)))].sort((a, b) => a - b),
    storageModes: [...new Set(named.map(storageOf))].filter((mode) => mode !== '').sort(),
  };
}

/** Of 0, 0.05, ... 1 the one with the smallest mean error of the logarithm. */
function bestContention(measured: readonly { computeMs: number; loaderMs: number; totalMs: number }[]): number {
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
