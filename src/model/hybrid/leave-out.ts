import { mean } from '../../base/statistics.js';
import type { Case } from './cases.js';
import { corrector } from './correction.js';
import { type DeviceModelOptions, estimateMs, fitDeviceModel } from './device-model.js';
import { othersThan } from './groups.js';

/** A row of a group that was left out: the logarithms of what a model without the group makes of its step. */
export interface LeftOut {
  index: number;
  logEstimate: number;
  logCorrection: number;
}

/** Shares of the correction that are tried on what is left out. */
const transfers = [0, 0.25, 0.5, 0.75, 1];
/** Enough to choose a share and to see errors; a fifth of the time of a full fit. */
const centreCount = 256;

/** For each group of rows, as a model of all other rows predicts them. */
export function leaveOut(
  groups: readonly (readonly number[])[],
  cases: readonly Case[],
  stepMs: ArrayLike<number>,
  options: DeviceModelOptions,
): LeftOut[][] {
  return groups.map((heldOut) => {
    const others = othersThan(heldOut, cases, stepMs);
    const { model } = fitDeviceModel(others.cases, others.stepMs, options, centreCount);
    const correct = model.correction ? corrector(model.correction) : () => 0;
    return heldOut.map((index) => {
      const each = cases[index]!;
      return { index, logEstimate: Math.log(estimateMs(model, each)), logCorrection: correct(each) };
    });
  });
}

/** The share of the correction that serves best on groups left out: the least mean error of log(time). */
export function bestTransfer(groups: readonly LeftOut[][], stepMs: ArrayLike<number>): number {
  if (groups.length === 0) return 1;
  const rows = groups.flat();
  const errors = transfers.map((transfer) =>
    mean(rows.map((row) => Math.abs(Math.log(stepMs[row.index]!) - row.logEstimate - transfer * row.logCorrection))),
  );
  return transfers[errors.indexOf(Math.min(...errors))]!;
}
