import type { Correction } from './correction.js';
import type { DeviceModel } from './device-model.js';
import type { KernelShape } from './kernel.js';
import type { KnownNetwork } from './known-networks.js';
import type { LoaderModel } from './loader-model.js';
import type { ProductClass } from './product-classes.js';

/** Rows of one device, as they were fitted. */
export interface FittedDevice {
  name: string;
  /** Values of `deviceFeatures`. */
  device: number[];
  rows: number;
  /** Half width of the interval in log(time) for this device. */
  halfWidth: number;
}

/** What a handful of measured rows of new devices taught. */
export interface Calibration {
  /** Of the logarithm of the whole iteration. */
  correction: Correction;
  devices: FittedDevice[];
}

/** A fitted predictor; plain data, so that it is written and read as JSON. */
export interface HybridModel {
  device: DeviceModel;
  kernel: KernelShape;
  /** Share of the correction that is taken for a device that was not fitted, and for a network that was not. */
  transfer: number;
  networkTransfer: number;
  loader: LoaderModel | null;
  /** What an iteration spends on a batch that its loader has ready; 0 where rows do not tell. */
  handoverMs: number;
  devices: FittedDevice[];
  /** Half width of the interval in log(time) for a device that was not fitted; null where none could be left out. */
  unseenHalfWidth: number | null;
  /** The same by `kindOf` network, for those that two families of devices at least have shown. */
  unseenHalfWidthOfKind: Record<string, number>;
  /** The same for a network that was not fitted. */
  unseenNetworkHalfWidth: number | null;
  /** Classes of products that no fitted row has. */
  unseenClasses: ProductClass[];
  /** Networks that were fitted or calibrated; none where rows do not name theirs. */
  networks: KnownNetwork[];
  /** Smallest and largest value of each of `workFeatures` and `deviceFeatures`. */
  ranges: { work: [low: number, high: number][]; device: [low: number, high: number][] };
  calibrations: Calibration[];
  rows: number;
  /** What the rows did not say, and what was assumed instead. */
  notes: string[];
}
