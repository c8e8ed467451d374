import type { Row } from '../../base/columns.js';
import { InputError } from '../../base/errors.js';
import { mean } from '../../base/statistics.js';
import { positiveIn, textIn } from '../../physics/cells.js';
import { joinMs } from '../../physics/loader.js';
import { assumptions } from '../../physics/workload.js';
import { type Case, casesOf } from './cases.js';
import { corrector } from './correction.js';
import { type DeviceModel, estimateMs, fitDeviceModel } from './device-model.js';
import { intervalsOf } from './fitted-devices.js';
import { unseenHalfWidth } from './intervals.js';
import { defaultKernel, type KernelShape } from './kernel.js';
import { deviceClass, fitLoaderModel, type LoaderModel, loaderMs } from './loader-model.js';
import type { HybridModel } from './model.js';

export interface HybridOptions {
  /** Default true; false fits the physical estimate alone. */
  correction?: boolean;
  kernel?: KernelShape;
}

/** Measured times of the rows, ms. */
interface Measured {
  totalMs: Float64Array;
  /** The device step by itself where the row has a loader, else the iteration. */
  stepMs: Float64Array;
}

/** Shares of the correction that are tried on devices left out. */
const transfers = [0, 0.25, 0.5, 0.75, 1];
/** Enough to choose a share and to see errors; a fifth of the time of a full fit. */
const innerCentres = 256;
const fewestRows = 3;

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

/** Devices of one family are left out together, since they are alike. */
const familyOf = (row: Row): string => textIn(row, 'gpu_arch') ?? textIn(row, 'gpu_name') ?? '';

/** A row of a family that was left out: the logarithms of what a model without the family makes of it. */
interface LeftOut {
  index: number;
  logEstimate: number;
  logCorrection: number;
}

/** For each family: its rows as predicted by a model that was fitted to the other families; [] where there is one only. */
function leaveFamiliesOut(rows: readonly Row[], cases: readonly Case[], stepMs: Float64Array, kernel: KernelShape) {
  const families = [...new Set(rows.map(familyOf))];
  if (families.length < 2) return [];
  return families.map((family) => {
    const [training, heldOut] = [false, true].map((own) =>
      rows.flatMap((row, i) => ((familyOf(row) === family) === own ? [i] : [])),
    ) as [number[], number[]];
    const { model } = fitDeviceModel(
      training.map((i) => cases[i]!),
      training.map((i) => stepMs[i]!),
      kernel,
      innerCentres,
    );
    const correct = corrector(model.correction);
    return heldOut.map((index): LeftOut => {
      const each = cases[index]!;
      return { index, logEstimate: Math.log(estimateMs(model, each)), logCorrection: correct(each) };
    });
  });
}

/** The share of the correction that would have served best on the families left out: the least mean error of log(time). */
function bestTransfer(families: readonly LeftOut[][], stepMs: Float64Array): number {
  let best = 1;
  let smallest = Number.POSITIVE_INFINITY;
  for (const transfer of transfers) {
    const error = mean(
      families.flatMap((family) =>
        family.map((row) => Math.abs(Math.log(stepMs[row.index]!) - row.logEstimate - transfer * row.logCorrection)),
      ),
    );
    if (error < smallest) [best, smallest] = [transfer, error];
  }
  return best;
}

/** Iteration that follows from a step: with the loader of the row, where there is one. */
function iterationMs(loader: LoaderModel | null, row: Row, each: Case, stepMs: number): number {
  if (!loader) return stepMs;
  return joinMs(stepMs, loaderMs(loader, row, each), loader.contention[deviceClass(row)]);
}

function notesOf(cases: readonly Case[], rows: readonly Row[], loader: LoaderModel | null, families: number): string[] {
  const notes = assumptions.flatMap(([field, columns, instead]) => {
    const without = cases.filter(({ workload }) => workload[field] === 0).length;
    return without > 0 ? [`${without} of ${cases.length} rows lack ${columns}: ${instead} is assumed there.`] : [];
  });
  const powerless = cases.filter(({ hardware }) => hardware.powerWatts === null).length;
  if (powerless > 0)
    notes.push(`${powerless} of ${cases.length} rows are of devices without a known power: peak rates are taken.`);
  if (!rows.some((row) => positiveIn(row, 'vcpu') !== null)) {
    notes.push('No row names loader workers (vcpu): the time is that of the device alone.');
  } else if (!loader) {
    notes.push('Too few rows wait for their loader: preparation of batches is taken to be hidden.');
  }
  if (families < 2) notes.push('All rows are of one GPU family: no interval is known for other GPUs.');
  return notes;
}

function rangesOf(values: readonly number[][]): [number, number][] {
  return values[0]!.map((_, i) => {
    const column = values.map((row) => row[i]!);
    return [column.reduce((a, b) => Math.min(a, b)), column.reduce((a, b) => Math.max(a, b))];
  });
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
  const kernel = options.kernel ?? defaultKernel;
  const cases = casesOf(rows);
  const { totalMs, stepMs } = measuredOf(rows);
  const { model, leaveOneOut } = fitDeviceModel(cases, stepMs, kernel);
  const loader = fitLoaderModel(rows, cases, stepMs, totalMs);
  const corrected = options.correction ?? true;
  const families = leaveFamiliesOut(rows, cases, stepMs, kernel);
  const transfer = corrected ? bestTransfer(families, stepMs) : 0;
  const device: DeviceModel = corrected ? model : { ...model, correction: null };

  const missed = (index: number, predictedStepMs: number): number =>
    Math.log(totalMs[index]! / iterationMs(loader, rows[index]!, cases[index]!, predictedStepMs));
  const ofUnseen = families.map((family) =>
    Float64Array.from(family, (row) => missed(row.index, Math.exp(row.logEstimate + transfer * row.logCorrection))),
  );
  const ofSeen = Float64Array.from(cases, (each, i) =>
    missed(i, corrected ? stepMs[i]! / Math.exp(leaveOneOut[i]!) : estimateMs(model, each)),
  );
  return {
    device,
    kernel,
    transfer,
    loader,
    devices: intervalsOf(cases, ofSeen),
    unseenHalfWidth: unseenHalfWidth(ofUnseen),
    ranges: { work: rangesOf(cases.map(({ work }) => work)), device: rangesOf(cases.map((each) => each.device)) },
    calibrations: [],
    rows: rows.length,
    notes: notesOf(cases, rows, loader, new Set(rows.map(familyOf)).size),
  };
}
