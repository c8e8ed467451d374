/**
 * Covariance of the logarithm of the correction between two cases (a Gaussian process; Rasmussen and Williams, "Gaussian
 * Processes for Machine Learning", 2006, section 5.4): likeness of work and likeness of devices are Gaussian bells, and
 *
 *   k = transferable * work + (offset + particular * work) * device
 *
 * What is learnt of a kind of work on some devices carries over to a new device through the first part alone; the second
 * vanishes with the distance to the devices that were fitted, which is how the correction shrinks far from them.
 */
export interface KernelShape {
  /** Variance of what a kind of work has on every device. */
  transferable: number;
  /** Variance of a device's own factor. */
  offset: number;
  /** Variance of what a kind of work has on one device. */
  particular: number;
  /** Variance of what repeats do not share. */
  noise: number;
  /** In standard deviations of the work features. */
  workLength: number;
  /** In logarithms of the device features. */
  deviceLength: number;
}

/** Standard deviations of a logarithm: sqrt(0.03) = 17 %, sqrt(0.3) = 55 %, sqrt(0.002) = 4.5 %. */
export const defaultKernel: KernelShape = {
  transferable: 0.03,
  offset: 0.3,
  particular: 0.03,
  noise: 0.002,
  workLength: 1.5,
  deviceLength: 0.3,
};

/** exp(-d^2 / 2) of the distance between two points, both divided by their length already. */
export function likeness(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let squares = 0;
  for (let i = 0; i < a.length; i++) squares += (a[i]! - b[i]!) ** 2;
  return Math.exp(-0.5 * squares);
}

export const covariance = (shape: KernelShape, work: number, device: number): number =>
  shape.transferable * work + (shape.offset + shape.particular * work) * device;
