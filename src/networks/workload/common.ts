import { type Family, familyLabel } from '../../base/columns.js';
import type { Tape } from '../../graph/autodiff/tape.js';
import { elementCount } from '../../graph/shape.js';
import type { Optimizer, TrainingConfig, WorkloadRow } from '../types.js';

/** Training takes three times the forward FLOPs: forward, gradient of inputs, gradient of weights. */
export const trainingFactor = 3;

export const bytesPerActivation = (config: Pick<TrainingConfig, 'precision'>): number =>
  config.precision === 16 ? 2 : 4;

export function parameterCount(tape: Tape): number {
  return tape.parameters.reduce((sum, parameter) => sum + elementCount(parameter.dims), 0);
}

/** The columns that say what was trained, in every family. */
export function identityColumns(config: TrainingConfig, family: Family): WorkloadRow {
  return {
    optimizer: config.optimizer,
    batch_size: config.batchSize,
    precision: config.precision,
    [family === 'transformer' ? 'amp_enabled' : 'amp']: config.precision === 16,
    model: config.network,
    architecture: familyLabel[family],
  };
}

/** Values that an optimizer keeps per parameter. */
const momentsOf: Readonly<Record<Optimizer, number>> = { SGD: 1, Adam: 2, AdamW: 2, Adafactor: 1 };

export type StateColumns = ReturnType<typeof stateColumns>;

/** Bytes of parameters and optimizer state, 4 bytes a value. */
export function stateColumns(config: Pick<TrainingConfig, 'optimizer' | 'precision'>, parameters: number) {
  const parameterBytes = 4 * parameters;
  const optimizerBytes = parameterBytes * momentsOf[config.optimizer];
  const masterBytes = config.precision === 16 ? parameterBytes : 0;
  return {
    param_count: parameters,
    param_bytes: parameterBytes,
    optimizer_state_bytes: optimizerBytes,
    master_param_bytes: masterBytes,
    total_state_bytes: parameterBytes + optimizerBytes + masterBytes,
  };
}

/** The cost columns of networks that read images sample by sample (CNN, MLP). */
export function sampleCostColumns(
  config: TrainingConfig,
  state: StateColumns,
  forwardFlops: number,
  activationBytes: number,
): WorkloadRow {
  const trainingFlops = trainingFactor * forwardFlops;
  return {
    flops_fwd_per_sample: forwardFlops,
    flops_train_per_sample: trainingFlops,
    flops_train_per_batch: trainingFlops * config.batchSize,
    act_bytes_per_sample_proxy: activationBytes,
    arithmetic_intensity_train: trainingFlops / (state.param_bytes + activationBytes),
  };
}

/** `(3, 64, 64)` */
export function showImageShape(shape: readonly number[]): string {
  return `(${shape.join(', ')})`;
}
