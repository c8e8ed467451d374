import type { Row } from '../../base/columns.js';
import { mean } from '../../base/statistics.js';
import { textIn } from '../../physics/cells.js';
import type { Case } from './cases.js';
import { corrector } from './correction.js';
import { type DeviceModelOptions, estimateMs, fitDeviceModel } from './device-model.js';

/** A row of a device family that was left out: the logarithms of what a model without the family makes of its step. */
export interface LeftOut {
  index: number;
  logEstimate: number;
  logCorrection: number;
}

/** Shares of the correction that are tried on devices left out. */
const transfers = [0, 0.25, 0.5, 0.75, 1];
/** Enough to choose a share and to see errors; a fifth of the time of a full fit. */
const centreCount = 256;

/** Devices of one family are left out together, since they are alike. */
export const familyOf = (row: Row): string => textIn(row, 'gpu_arch') ?? textIn(row, 'gpu_name') ?? '';

/** For each family, its rows as a model of the other families predicts them; [] where there is one family only. */
export function leaveFamiliesOut(
  rows: readonly Row[],
  cases: readonly Case[],
  stepMs: ArrayLike<number>,
  options: DeviceModelOptions,
): LeftOut[][] {
  const families = [...new Set(rows.map(familyOf))];
  if (families.length < 2) return [];
  return families.map((family) => {
    const training: number[] = [];
    const heldOut: number[] = [];
    for (const [i, row] of rows.entries()) (familyOf(row) === family ? heldOut : training).push(i);
    const { model } = fitDeviceModel(
      training.map((i) => cases[i]!),
      training.map((i) => stepMs[i]!),
      options,
      centreCount,
    );
    const correct = model.correction ? corrector(model.correction) : () => 0;
    return heldOut.map((index) => {
      const each = cases[index]!;
      return { index, logEstimate: Math.log(estimateMs(model, each)), logCorrection: correct(each) };
    });
  });
}

/** The share of the correction that serves best on the families left out: the least mean error of log(time). */
export function bestTransfer(families: readonly LeftOut[][], stepMs: ArrayLike<number>): number {
  if (families.length === 0) return 1;
  const rows = families.flat();
  const errors = transfers.map((transfer) =>
    mean(rows.map((row) => Math.abs(Math.log(stepMs[row.index]!) - row.logEstimate - transfer * row.logCorrection))),
  );
  return transfers[errors.indexOf(Math.min(...errors))]!;
}
