import type { Tape } from '../graph/autodiff/tape.js';
import type { Tensor } from '../graph/builder.js';
import { gelu } from '../graph/operations/activation.js';
import { add } from '../graph/operations/arithmetic.js';
import { meanOver } from '../graph/operations/mean.js';
import { classify, imageInput, layerNormLayer, linearLayer } from './layers.js';
import type { Network } from './network.js';
import { unfoldPatches } from './patches.js';
import { imageShapeOf, patchGrid } from './sizes.js';
import type { TrainingConfig } from './types.js';
import { mlpWorkload } from './workload/mlp.js';

const defaultEmbedDim = 128;
const channelFactor = 4;
const smallestTokenDim = 128;

/** Sizes of an image MLP; D is the embedding, P the number of patches. */
export interface ImageMlpSizes {
  embedDim: number;
  depth: number;
  patchSize: number;
  /** Patches along height and width. */
  grid: readonly [rows: number, columns: number];
  /** P */
  patches: number;
  /** Hidden width of an MLP across patches. */
  tokenDim: number;
  /** Hidden width of the MLP across channels. */
  channelDim: number;
}

/** What one image MLP has that the others have not. */
export interface ImageMlpDefinition {
  datasets: readonly string[];
  patchSize(config: TrainingConfig): number;
  /** Blocks, where the configuration does not say. */
  depth(config: TrainingConfig): number;
  /** The sub-block across patches, norm and residual included: [N, P, D] -> [N, P, D]. */
  patchBlock(tape: Tape, x: Tensor, sizes: ImageMlpSizes): Tensor;
  /** FLOPs of that sub-block for one sample, without its norm, as ORION counts them. */
  patchBlockFlops(sizes: ImageMlpSizes): number;
  /** Throws InputError for sizes that the network cannot have. */
  requireFittingSizes?(config: TrainingConfig, sizes: ImageMlpSizes): void;
}

/**
 * An image MLP in ORION's form: patches through one linear layer; blocks of a sub-block across patches and an MLP
 * across channels, each after a layer norm and with a residual; mean over patches; linear head. Weights start as
 * PyTorch's layers do.
 */
export function imageMlp(definition: ImageMlpDefinition): Network {
  function sizesOf(config: TrainingConfig): ImageMlpSizes {
    const embedDim = config.embedDim ?? defaultEmbedDim;
    const patchSize = definition.patchSize(config);
    const grid = patchGrid(config, patchSize);
    const sizes = {
      embedDim,
      depth: config.depth ?? definition.depth(config),
      patchSize,
      grid,
      patches: grid[0] * grid[1],
      tokenDim: Math.max(smallestTokenDim, Math.floor(embedDim / 2)),
      channelDim: channelFactor * embedDim,
    };
    definition.requireFittingSizes?.(config, sizes);
    return sizes;
  }

  return {
    family: 'mlp',
    datasets: definition.datasets,
    input: 'image',

    forward(tape, config) {
      const sizes = sizesOf(config);
      const images = imageInput(config, imageShapeOf(config));
      // x is [N, P, D] between blocks.
      let x = linearLayer(tape, 'embedding', unfoldPatches(tape, images, sizes.patchSize), sizes.embedDim);
      for (let block = 0; block < sizes.depth; block++) {
        x = tape.builder.within(`block${block}`, () =>
          channelBlock(tape, definition.patchBlock(tape, x, sizes), sizes.channelDim),
        );
      }
      return classify(tape, config, images, meanOver(tape, x, [1]));
    },

    workload(config, sample) {
      const sizes = sizesOf(config);
      const channelFlops = 4 * sizes.patches * sizes.embedDim * sizes.channelDim;
      return mlpWorkload(config, sample, { ...sizes, blockFlops: definition.patchBlockFlops(sizes) + channelFlops });
    },
  };
}

function channelBlock(tape: Tape, x: Tensor, hiddenDim: number): Tensor {
  const normalised = layerNormLayer(tape, 'norm2', x);
  const hidden = gelu(tape, linearLayer(tape, 'channels1', normalised, hiddenDim));
  return add(tape, x, linearLayer(tape, 'channels2', hidden, x.dims[2]!));
}
