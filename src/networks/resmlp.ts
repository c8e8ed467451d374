import type { Tape } from '../graph/autodiff/tape.js';
import type { Tensor } from '../graph/builder.js';
import { gelu } from '../graph/operations/activation.js';
import { add } from '../graph/operations/arithmetic.js';
import { transpose } from '../graph/operations/layout.js';
import { meanOver } from '../graph/operations/mean.js';
import { classify, imageInput, layerNormLayer, linearLayer } from './layers.js';
import type { Network } from './network.js';
import { unfoldPatches } from './patches.js';
import { imageShapeOf, patchGrid } from './sizes.js';
import type { TrainingConfig } from './types.js';
import { mlpWorkload } from './workload/mlp.js';

const patchSize = 8;
const channelFactor = 4;

interface Sizes {
  embedDim: number;
  depth: number;
  patches: number;
}

function sizesOf(config: TrainingConfig): Sizes {
  const [rows, columns] = patchGrid(config, patchSize);
  return {
    embedDim: config.embedDim ?? 128,
    depth: config.depth ?? 12,
    patches: rows * columns,
  };
}

/**
 * ResMLP (Touvron et al. 2021) in ORION's form: patches through one linear layer; blocks of a linear layer across
 * patches and an MLP across channels, each after a layer norm and with a residual; mean over patches; head.
 */
export const resmlp: Network = {
  family: 'mlp',
  datasets: ['CIFAR100', 'TinyImageNet'],
  input: 'image',

  forward(tape, config) {
    const { embedDim, depth } = sizesOf(config);
    const images = imageInput(config, imageShapeOf(config));
    // x is [N, patches, D] between blocks.
    let x = linearLayer(tape, 'embedding', unfoldPatches(tape, images, patchSize), embedDim);
    for (let block = 0; block < depth; block++) {
      x = tape.builder.within(`block${block}`, () => channelBlock(tape, patchBlock(tape, x)));
    }
    return classify(tape, config, images, meanOver(tape, x, [1]));
  },

  workload(config, sample) {
    const { embedDim, depth, patches } = sizesOf(config);
    const channelDim = channelFactor * embedDim;
    return mlpWorkload(config, sample, {
      embedDim,
      depth,
      patchSize,
      patches,
      tokenDim: Math.max(128, embedDim / 2),
      channelDim,
      blockFlops: 2 * embedDim * patches ** 2 + 4 * patches * embedDim * channelDim,
    });
  },
};

function patchBlock(tape: Tape, x: Tensor): Tensor {
  const patches = x.dims[1]!;
  const normalised = layerNormLayer(tape, 'norm1', x);
  const mixed = linearLayer(tape, 'patches', transpose(tape, normalised, [0, 2, 1]), patches);
  return add(tape, x, transpose(tape, mixed, [0, 2, 1]));
}

function channelBlock(tape: Tape, x: Tensor): Tensor {
  const channels = x.dims[2]!;
  const normalised = layerNormLayer(tape, 'norm2', x);
  const hidden = gelu(tape, linearLayer(tape, 'channels1', normalised, channelFactor * channels));
  return add(tape, x, linearLayer(tape, 'channels2', hidden, channels));
}
