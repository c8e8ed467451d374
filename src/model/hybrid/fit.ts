import type { Row } from '../../base/columns.js';
import { InputError } from '../../base/errors.js';
import { positiveIn } from '../../physics/cells.js';
import { casesOf } from './cases.js';
import { chooseTerms } from './choose-terms.js';
import { fitDeviceModel } from './device-model.js';
import { intervalsOf } from './fitted-devices.js';
import { familyOf, groupsOf, kindOf, networkOf } from './groups.js';
import { deviceTermsIn, type Ingredient } from './ingredients.js';
import { unseenHalfWidth } from './intervals.js';
import { defaultKernel, type KernelShape } from './kernel.js';
import { knownNetworks } from './known-networks.js';
import { bestTransfer, type LeftOut, leaveOut } from './leave-out.js';
import { fitLoaderModel, iterationMs, loaderMs } from './loader-model.js';
import type { HybridModel } from './model.js';
import { notesOf } from './notes.js';
import { classesWithout } from './product-classes.js';
import { waitingOf } from './waiting.js';

export interface HybridOptions {
  kernel?: KernelShape;
  /** What is left out, to see what it is worth; `correction` leaves the physical estimate alone. */
  without?: readonly Ingredient[];
}

/** Measured times of the rows, ms. */
interface Measured {
  totalMs: Float64Array;
  /** The device step by itself where the row has a loader, else the iteration. */
  stepMs: Float64Array;
}

/** Fewer rows are not fitted. */
export const fewestRows = 3;
/** Fits for what is missed on networks left out; more networks than that are left out several at a time. */
const mostNetworkGroups = 8;

function measuredMs(row: Row, index: number, ...columns: string[]): number {
  const value = positiveIn(row, ...columns);
  if (value !== null) return value;
  throw new InputError(
    `Record ${index + 1}: ${columns.at(-1)} must be a positive number, not '${row[columns.at(-1)!] ?? ''}'; ` +
      'correct the row or leave it out.',
  );
}

const measuredOf = (rows: readonly Row[]): Measured => ({
  totalMs: Float64Array.from(rows, (row, i) => measuredMs(row, i, 'avg_batch_time_ms')),
  stepMs: Float64Array.from(rows, (row, i) =>
    positiveIn(row, 'vcpu') === null
      ? measuredMs(row, i, 'avg_batch_time_ms')
      : measuredMs(row, i, 'compute_only_ms', 'T_gpu_ms', 'avg_batch_time_ms'),
  ),
});

/** Throws InputError, naming the record, for the first row that `fitHybrid` could not take. */
export function requireFittable(rows: readonly Row[]): void {
  casesOf(rows);
  measuredOf(rows);
}

function rangesOf(values: readonly number[][]): [number, number][] {
  return values[0]!.map((_, i) => {
    const column = values.map((row) => row[i]!);
    return [column.reduce((a, b) => Math.min(a, b)), column.reduce((a, b) => Math.max(a, b))];
  });
}

/** Half widths for unseen devices by kind of network, from the rows of that kind alone. */
function halfWidthsByKind(
  rows: readonly Row[],
  families: readonly LeftOut[][],
  missedOf: (families: readonly LeftOut[][]) => Float64Array[],
): Record<string, number> {
  const kinds = [...new Set(rows.map(kindOf))].sort();
  const widths = kinds.map((kind): [string, number | null] => {
    const ofKind = families.map((family) => family.filter(({ index }) => kindOf(rows[index]!) === kind));
    return [kind, unseenHalfWidth(missedOf(ofKind.filter((family) => family.length > 0)))];
  });
  return Object.fromEntries(widths.filter((entry): entry is [string, number] => entry[1] !== null));
}

/**
 * Fits the predictor to rows with hardware columns (those of `dataSheetColumns` too where they are known). Coefficients,
 * correction, its share on other devices, and intervals follow from these rows alone; equal rows give an equal model.
 * Throws InputError, naming the record, for a row that lacks what nothing can replace, and for fewer than three rows.
 */
export function fitHybrid(rows: readonly Row[], options: HybridOptions = {}): HybridModel {
  if (rows.length < fewestRows) {
    throw new InputError(`A fit needs ${fewestRows} records at least, ${rows.length} were given: measure more trials.`);
  }
  const { kernel = defaultKernel, without = [] } = options;
  const cases = casesOf(rows);
  const { totalMs, stepMs } = measuredOf(rows);
  const parts = {
    kernel: without.includes('correction') ? null : kernel,
    without: chooseTerms(rows, cases, stepMs, deviceTermsIn(without)),
  };
  const { model, leaveOneOut } = fitDeviceModel(cases, stepMs, parts);
  const waiting = waitingOf(rows);
  const handoverMs = without.includes('loader') ? 0 : waiting.handoverMs;
  const loader = fitLoaderModel(rows, cases, stepMs, totalMs, waiting, without);
  const families = leaveOut(groupsOf(rows, familyOf), cases, stepMs, parts);
  const networks = leaveOut(groupsOf(rows, networkOf, mostNetworkGroups), cases, stepMs, parts);
  const transfer = parts.kernel ? bestTransfer(families, stepMs) : 0;
  const networkTransfer = parts.kernel ? bestTransfer(networks, stepMs) : 0;

  const missed = (index: number, predictedStepMs: number): number => {
    const row = rows[index]!;
    const preparation = loader && loaderMs(loader, row, cases[index]!);
    return Math.log(totalMs[index]! / iterationMs({ loader, handoverMs }, row, predictedStepMs, preparation));
  };
  const missedOf = (groups: readonly LeftOut[][], share: number) =>
    groups.map((group) =>
      Float64Array.from(group, (row) => missed(row.index, Math.exp(row.logEstimate + share * row.logCorrection))),
    );
  const ofSeen = Float64Array.from(leaveOneOut(), (residual, i) => missed(i, stepMs[i]! / Math.exp(residual)));
  return {
    device: model,
    kernel,
    transfer,
    networkTransfer,
    loader,
    handoverMs,
    devices: intervalsOf(cases, ofSeen),
    unseenHalfWidth: unseenHalfWidth(missedOf(families, transfer)),
    unseenHalfWidthOfKind: halfWidthsByKind(rows, families, (family) => missedOf(family, transfer)),
    unseenNetworkHalfWidth: unseenHalfWidth(missedOf(networks, networkTransfer)),
    unseenClasses: classesWithout(cases),
    networks: knownNetworks(rows, cases),
    calibrations: [],
    ranges: { work: rangesOf(cases.map(({ work }) => work)), device: rangesOf(cases.map((each) => each.device)) },
    rows: rows.length,
    notes: notesOf(rows, cases, loader !== null),
  };
}
