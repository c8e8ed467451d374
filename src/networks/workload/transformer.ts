import type { Tape } from '../../graph/autodiff/tape.js';
import type { TrainingConfig, WorkloadRow } from '../types.js';
import { bytesPerActivation, identityColumns, parameterCount, stateColumns, trainingFactor } from './common.js';

export interface TransformerSizes {
  /** Tokens that attend to each other. */
  sequenceLength: number;
  depth: number;
  modelDim: number;
  heads: number;
  feedForwardDim: number;
}

/** The cost and size columns of a Transformer, by ORION's formulas; `sample` holds the forward pass of one sample. */
export function transformerWorkload(config: TrainingConfig, sample: Tape, sizes: TransformerSizes): WorkloadRow {
  const { sequenceLength, depth, modelDim, heads, feedForwardDim } = sizes;
  const headDim = modelDim / heads;
  const projectionFlops = 3 * modelDim ** 2 + modelDim ** 2;
  const attentionFlops = 2 * sequenceLength * modelDim * headDim;
  const feedForwardFlops = 2 * modelDim * feedForwardDim;
  const blockFlopsPerToken = projectionFlops + attentionFlops + feedForwardFlops;
  const trainingFlops = blockFlopsPerToken * sequenceLength * depth * trainingFactor;
  const activationBytes = sequenceLength * (modelDim + feedForwardDim) * bytesPerActivation(config);
  const state = stateColumns(config, parameterCount(sample));
  return {
    ...identityColumns(config, 'transformer'),
    seq_len: sequenceLength,
    effective_batch_size: config.batchSize,
    depth,
    d_model: modelDim,
    n_heads: heads,
    d_head: headDim,
    d_ff: feedForwardDim,
    ffn_multiplier: feedForwardDim / modelDim,
    ...state,
    flops_fwd_per_token: blockFlopsPerToken,
    flops_train_per_seq: trainingFlops,
    flops_train_per_batch: trainingFlops * config.batchSize,
    act_bytes_per_seq_proxy: activationBytes,
    arithmetic_intensity_train: trainingFlops / (state.param_bytes + activationBytes),
  };
}
