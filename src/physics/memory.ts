import type { Workload } from './workload.js';

/**
 * Bytes of device memory that a training step holds: state, gradients, and activations twice, since the backward pass
 * keeps them beside the gradients of those that it is at.
 */
export function memoryNeededBytes({ stateBytes, parameterBytes, activationBytes }: Workload): number {
  return stateBytes + parameterBytes + 2 * activationBytes;
}
