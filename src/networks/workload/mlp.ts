import type { Tape } from '../../graph/autodiff/tape.js';
import { imageShapeOf } from '../sizes.js';
import type { TrainingConfig, WorkloadRow } from '../types.js';
import {
  bytesPerActivation,
  identityColumns,
  parameterCount,
  sampleCostColumns,
  showImageShape,
  stateColumns,
} from './common.js';

export interface MlpSizes {
  embedDim: number;
  depth: number;
  patchSize: number;
  /** P */
  patches: number;
  tokenDim: number;
  channelDim: number;
  /** FLOPs of one block's sub-blocks for one sample, without the norms. */
  blockFlops: number;
}

/** The workload columns of an image MLP, by ORION's formulas; `sample` holds the forward pass of one sample. */
export function mlpWorkload(config: TrainingConfig, sample: Tape, sizes: MlpSizes): WorkloadRow {
  const { embedDim, depth, patchSize, patches } = sizes;
  const imageShape = imageShapeOf(config);
  const patchElements = imageShape[0] * patchSize ** 2;
  const embeddingFlops = 2 * patches * patchElements * embedDim;
  const normFlops = 4 * patches * embedDim;
  const forwardFlops = embeddingFlops + depth * (normFlops + sizes.blockFlops);
  const activationBytes = patches * embedDim * bytesPerActivation(config) * depth;
  const state = stateColumns(config, parameterCount(sample));
  return {
    ...identityColumns(config, 'mlp'),
    input_shape: showImageShape(imageShape),
    num_classes: config.classes,
    embed_dim: embedDim,
    depth,
    patch_size: patchSize,
    token_mlp_dim: sizes.tokenDim,
    channel_mlp_dim: sizes.channelDim,
    num_patches: patches,
    ...state,
    ...sampleCostColumns(config, state, forwardFlops, activationBytes),
  };
}
