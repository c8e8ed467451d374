import type { Row } from '../../base/columns.js';
import { InputError } from '../../base/errors.js';
import { positiveIn } from '../../physics/cells.js';
import { casesOf } from './cases.js';
import { fitCorrection } from './correction.js';
import { intervalsOf } from './fitted-devices.js';
import { knownNetworks } from './known-networks.js';
import type { HybridModel } from './model.js';
import { predictHybrid } from './predict.js';

/**
 * The model after a handful of measured rows of new devices: what it missed on them, as a correction of its own for those
 * devices alone, on top of the first. Intervals of these devices follow from the rows left out one by one.
 * Throws InputError as `fitHybrid`, and where a row has no measured iteration.
 */
export function calibrate(model: HybridModel, rows: readonly Row[]): HybridModel {
  const cases = casesOf(rows);
  const predicted = predictHybrid(model, rows);
  const residuals = Float64Array.from(rows, (row, i) => Math.log(iterationOf(row, i) / predicted[i]!.ms));
  // The first correction has taken what all devices share: of a device's own part nothing is known yet.
  const kernel = { ...model.kernel, transferable: 0 };
  const scaling = model.device.correction;
  const { correction, leaveOneOut } = fitCorrection(cases, residuals, kernel, scaling ? { scaling } : {});
  return {
    ...model,
    networks: knownNetworks(rows, cases, model.networks),
    calibrations: [...model.calibrations, { correction, devices: intervalsOf(cases, leaveOneOut()) }],
  };
}

function iterationOf(row: Row, index: number): number {
  const ms = positiveIn(row, 'avg_batch_time_ms');
  if (ms !== null) return ms;
  throw new InputError(
    `Record ${index + 1}: calibration needs a measured avg_batch_time_ms, not '${row.avg_batch_time_ms ?? ''}'.`,
  );
}
