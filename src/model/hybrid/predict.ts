import type { Row } from '../../base/columns.js';
import { type Case, casesOf } from './cases.js';
import { corrector } from './correction.js';
import { estimateMs } from './device-model.js';
import { isSameDevice } from './fitted-devices.js';
import { kindOf } from './groups.js';
import { networkFinder } from './known-networks.js';
import { handoverOf, iterationMs, knowsWaiting, loaderMs, unseenLoading } from './loader-model.js';
import type { Calibration, FittedDevice, HybridModel } from './model.js';
import { forRecentDevices } from './recent-devices.js';
import { warner } from './warnings.js';

export interface HybridPrediction {
  /** Of an iteration. */
  ms: number;
  /** Bounds of the 90 % interval; null where none is known for this device, or for waiting for the loader. */
  lowMs: number | null;
  highMs: number | null;
  /** The device step by itself. */
  stepMs: number;
  /** What the iteration spends on a batch that is ready; 0 without a loader. */
  handoverMs: number;
  /** Preparing a batch by itself, all workers together; null where the row names no workers or none was fitted. */
  loaderMs: number | null;
  bottleneck: 'device' | 'loader';
  /** Whether rows of this device were fitted, and of this network. */
  seen: boolean;
  networkSeen: boolean;
  /** In what the case lies outside of what was fitted. */
  warnings: string[];
}

/** Predicts rows with hardware columns; no measured time of theirs is looked at. Throws InputError as `fitHybrid`. */
export function predictHybrid(model: HybridModel, rows: readonly Row[]): HybridPrediction[] {
  return hybridPredictor(model)(rows);
}

/** As `predictHybrid`, for rows that come in order, batch by batch: what follows from the model alone is worked out once. */
export function hybridPredictor(model: HybridModel): (rows: readonly Row[]) => HybridPrediction[] {
  const predictCase = casePredictor(model);
  let predicted = 0;
  return (rows) => {
    const cases = casesOf(rows, predicted);
    predicted += rows.length;
    return cases.map((each, i) => predictCase(rows[i]!, each));
  };
}

/** The device of a case as it was fitted, or calibrated since. */
interface KnownDevice {
  fitted: FittedDevice;
  /** Of the logarithm of the iteration. */
  logCalibration: (each: Case) => number;
}

const none = () => 0;

/** Looks up the device of a case; a later calibration comes before an earlier one, and that before the fit. */
function deviceFinder({ calibrations, devices }: HybridModel): (device: readonly number[]) => KnownDevice | undefined {
  const known: KnownDevice[] = [
    ...calibrations.toReversed().flatMap(({ correction, devices: calibrated }: Calibration) => {
      const logCalibration = corrector(correction);
      return calibrated.map((fitted) => ({ fitted, logCalibration }));
    }),
    ...devices.map((fitted) => ({ fitted, logCalibration: none })),
  ];
  return (device) => known.find(({ fitted }) => isSameDevice(fitted.device, device));
}

function casePredictor(model: HybridModel): (row: Row, each: Case) => HybridPrediction {
  const correct = model.device.correction ? corrector(model.device.correction) : none;
  const warningsOf = warner(model);
  const find = deviceFinder(model);
  const onDevice = forRecentDevices((device) => ({
    share: model.devices.some((fitted) => isSameDevice(fitted.device, device)) ? 1 : model.transfer,
    known: find(device),
  }));
  const isKnown = networkFinder(model.networks);
  return (row, each) => {
    const networkSeen = isKnown(row, each);
    const { share: deviceShare, known } = onDevice(each.device);
    const share = networkSeen ? deviceShare : Math.min(deviceShare, model.networkTransfer);
    const logCorrection = share > 0 ? share * correct(each) : 0;
    const stepMs = estimateMs(model.device, each) * Math.exp(logCorrection);
    return assemble(model, row, stepMs, {
      loaderMs: model.loader && typeof row.vcpu === 'number' ? loaderMs(model.loader, row, each) : null,
      logCalibration: known?.logCalibration(each) ?? 0,
      fitted: known?.fitted,
      networkSeen,
      warnings: warningsOf(each),
    });
  };
}

interface Parts {
  /** As `HybridPrediction` has it. */
  loaderMs: number | null;
  logCalibration: number;
  fitted: FittedDevice | undefined;
  networkSeen: boolean;
  warnings: string[];
}

/** Half width of the interval in log(time), for what of the device and the network was fitted; null where none is known. */
function halfWidthOf(model: HybridModel, row: Row, { fitted, networkSeen }: Parts): number | null {
  const ofDevice = fitted?.halfWidth ?? model.unseenHalfWidthOfKind[kindOf(row)] ?? model.unseenHalfWidth;
  if (networkSeen) return ofDevice;
  const ofNetwork = model.unseenNetworkHalfWidth;
  if (ofDevice === null || ofNetwork === null) return null;
  // what is missed on another network of a fitted device holds that device's own scatter; two unknowns add up
  return fitted ? Math.max(ofDevice, ofNetwork) : Math.hypot(ofDevice, ofNetwork);
}

function assemble(model: HybridModel, row: Row, stepMs: number, parts: Parts): HybridPrediction {
  const preparation = parts.loaderMs;
  const ms = iterationMs(model, row, stepMs, preparation) * Math.exp(parts.logCalibration);
  const loaderBound = preparation !== null && preparation > stepMs;
  const unseen = preparation === null ? [] : unseenLoading(model.loader!, row);
  parts.warnings.push(...unseen);
  const unknownWaiting = loaderBound && !knowsWaiting(model.loader!);
  const halfWidth = unknownWaiting || (loaderBound && unseen.length > 0) ? null : halfWidthOf(model, row, parts);
  if (unknownWaiting) parts.warnings.unshift('too few fitted rows wait for their loader, and this case does');
  return {
    ms,
    lowMs: halfWidth === null ? null : ms * Math.exp(-halfWidth),
    highMs: halfWidth === null ? null : ms * Math.exp(halfWidth),
    stepMs,
    handoverMs: handoverOf(model, row),
    loaderMs: preparation,
    bottleneck: loaderBound ? 'loader' : 'device',
    seen: parts.fitted !== undefined,
    networkSeen: parts.networkSeen,
    warnings: parts.warnings,
  };
}
