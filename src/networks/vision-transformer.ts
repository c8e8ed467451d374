import type { Tape } from '../graph/autodiff/tape.js';
import type { Tensor } from '../graph/builder.js';
import { constant, truncatedNormal } from '../graph/initialise.js';
import { add } from '../graph/operations/arithmetic.js';
import { concatenate } from '../graph/operations/concatenate.js';
import { expand } from '../graph/operations/expand.js';
import { reshape } from '../graph/operations/layout.js';
import { slice } from '../graph/operations/slice.js';
import { encoderBlock } from './attention.js';
import { classify, imageInput, layerNormLayer } from './layers.js';
import type { Network } from './network.js';
import { patchEmbedding } from './patches.js';
import { imageShapeOf, patchGrid } from './sizes.js';
import type { TrainingConfig } from './types.js';
import { transformerWorkload } from './workload/transformer.js';

const patchSize = 16;
const imageSize = 224;
const defaultDepth = 12;

// timm's initial values; its patch embedding starts as PyTorch's convolution does, its class token at all but zero.
const linearStart = { weight: truncatedNormal(0.02), bias: constant(0) };
const positionDeviation = 0.02;
const classTokenDeviation = 1e-6;

export interface VisionTransformerDefinition {
  datasets: readonly string[];
  modelDim: number;
  heads: number;
  feedForwardDim: number;
}

const depthOf = (config: TrainingConfig) => config.depth ?? defaultDepth;

function patchCountOf(config: TrainingConfig): number {
  const [rows, columns] = patchGrid(config, patchSize);
  return rows * columns;
}

/**
 * A vision Transformer: patches of 16 x 16 pixels as tokens behind a class token, learned positions, encoder blocks with
 * norms first, a last norm, and a linear head on the class token. As timm's but for the norms' epsilon, which is that of
 * all networks here (1e-5, timm's 1e-6), and without dropout.
 */
export function visionTransformer(definition: VisionTransformerDefinition): Network {
  const { datasets, modelDim, heads, feedForwardDim } = definition;
  return {
    family: 'transformer',
    datasets,
    input: 'image',
    imageSize,

    forward(tape, config) {
      const images = imageInput(config, imageShapeOf(config));
      // x is [N, 1 + patches, D] between blocks.
      let x = tape.builder.within('embedding', () => embed(tape, images, patchCountOf(config), modelDim));
      for (let block = 0; block < depthOf(config); block++) {
        x = tape.builder.within(`block${block}`, () => encoderBlock(tape, x, { heads, feedForwardDim, linearStart }));
      }
      const classToken = slice(tape, layerNormLayer(tape, 'norm', x), { axis: 1, start: 0, length: 1 });
      const features = reshape(tape, classToken, [config.batchSize, modelDim]);
      return classify(tape, config, images, features, linearStart);
    },

    workload(config, sample) {
      const [channels, height] = imageShapeOf(config);
      // ORION counts the patches, not the class token.
      const sequenceLength = patchCountOf(config);
      return {
        ...transformerWorkload(config, sample, {
          sequenceLength,
          depth: depthOf(config),
          modelDim,
          heads,
          feedForwardDim,
        }),
        src_len: sequenceLength,
        tgt_len: null,
        arch_family: 'encoder_only',
        activation: 'gelu',
        norm_style: 'preln',
        norm_impl: 'LayerNorm',
        positional_encoding: 'learned',
        attention_pattern: 'dense',
        vocab_size: null,
        img_size: height,
        patch_size: patchSize,
        in_channels: channels,
      };
    },
  };
}

/** Images [N, C, H, W] as tokens [N, 1 + patches, D], the class token first, with their positions. */
function embed(tape: Tape, images: Tensor, patchCount: number, modelDim: number): Tensor {
  const batch = images.dims[0]!;
  const classToken = tape.parameter('class_token', [1, modelDim], truncatedNormal(classTokenDeviation));
  const positions = tape.parameter('positions', [1 + patchCount, modelDim], truncatedNormal(positionDeviation));
  const patches = patchEmbedding(tape, 'patches', images, patchSize, modelDim);
  const tokens = concatenate(tape, [expand(tape, classToken, [batch, 1, modelDim]), patches], 1);
  return add(tape, tokens, positions);
}
