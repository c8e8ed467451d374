import type { Tape } from '../graph/autodiff/tape.js';
import type { Tensor } from '../graph/builder.js';
import type { NetworkDescription, TrainingConfig, WorkloadRow } from './types.js';

/** A network of the sweep: what the world may know of it, its forward pass, and its workload columns. */
export interface Network extends NetworkDescription {
  /** Builds inputs, logits and loss for `config.batchSize` samples; throws InputError for sizes that do not fit. */
  forward(tape: Tape, config: TrainingConfig): ForwardTensors;
  /** All columns that follow from network and configuration; `sample` holds the forward pass of one sample. */
  workload(config: TrainingConfig, sample: Tape): WorkloadRow;
}

export interface ForwardTensors {
  /** Images or token ids, then labels or target tokens. */
  inputs: readonly Tensor[];
  /** [N, classes]; [N * T, vocabulary] where each of T tokens is predicted. */
  logits: Tensor;
  /** Scalar: mean cross-entropy. */
  loss: Tensor;
}
