import type { Tape } from '../graph/autodiff/tape.js';
import type { Tensor } from '../graph/builder.js';
import { biasDefault, xavierUniform } from '../graph/initialise.js';
import { add, scale } from '../graph/operations/arithmetic.js';
import { crossEntropy } from '../graph/operations/cross-entropy.js';
import { embedding } from '../graph/operations/embedding.js';
import { reshape } from '../graph/operations/layout.js';
import { attentionBias, causalAttentionBias, paddingMask } from '../graph/operations/mask.js';
import * as layout from '../graph/primitives/layout.js';
import { postNormDecoderBlock, postNormEncoderBlock } from './encoder-decoder.js';
import { type LinearStart, layerNormLayer, linearLayer } from './layers.js';
import type { Network } from './network.js';
import { sinusoidalPositions } from './positions.js';
import { sequenceLengthOf, targetLengthOf, vocabularySizeOf } from './sizes.js';
import type { TrainingConfig } from './types.js';
import { transformerWorkload } from './workload/transformer.js';

const modelDim = 512;
const heads = 8;
/** Blocks of the encoder, and as many of the decoder. */
const defaultDepth = 6;
const feedForwardDim = 2048;
const paddingId = 0;
const generatorStart: LinearStart = { weight: xavierUniform, bias: biasDefault(modelDim) };

const depthOf = (config: TrainingConfig) => config.depth ?? defaultDepth;

/**
 * ORION's sequence-to-sequence Transformer, as PyTorch's translation tutorial builds it around torch.nn.Transformer, without
 * dropout: norms after the residual sums and at the end of encoder and decoder, ReLU, sinusoidal positions, embeddings of
 * their own for source and target (scaled by the root of the width) and a separate projection to the vocabulary.
 *
 * Teacher forcing: of target [N, T + 1] the decoder reads the first T tokens and predicts the last T. Padding (token 0) is
 * not attended to and does not count in the loss.
 */
export const transformer: Network = {
  family: 'transformer',
  datasets: ['WMT14', 'CNNDM'],
  input: 'text-pair',

  forward(tape, config) {
    const { builder } = tape;
    const vocabularySize = vocabularySizeOf(config);
    const [sourceLength, targetLength] = [sequenceLengthOf(config), targetLengthOf(config)];
    const source: Tensor = { name: 'source', type: 'int64', dims: [config.batchSize, sourceLength] };
    const target: Tensor = { name: 'target', type: 'int64', dims: [config.batchSize, targetLength + 1] };
    const tokensFrom = (start: number) => layout.slice(builder, target, [{ axis: 1, start, length: targetLength }]);
    const [given, wanted] = builder.within('target', () => [tokensFrom(0), tokensFrom(1)]);
    const [sourceBias, targetBias] = builder.within('mask', () => [
      attentionBias(builder, paddingMask(builder, source, paddingId)),
      causalAttentionBias(builder, paddingMask(builder, given!, paddingId)),
    ]);

    const memory = builder.within('encoder', () => {
      const block = { heads, feedForwardDim, selfAttentionBias: sourceBias! };
      let x = embedTokens(tape, source, vocabularySize);
      for (let index = 0; index < depthOf(config); index++) {
        x = builder.within(`block${index}`, () => postNormEncoderBlock(tape, x, block));
      }
      return layerNormLayer(tape, 'norm', x);
    });
    const decoded = builder.within('decoder', () => {
      const block = { heads, feedForwardDim, selfAttentionBias: targetBias!, crossAttentionBias: sourceBias!, memory };
      let x = embedTokens(tape, given!, vocabularySize);
      for (let index = 0; index < depthOf(config); index++) {
        x = builder.within(`block${index}`, () => postNormDecoderBlock(tape, x, block));
      }
      return layerNormLayer(tape, 'norm', x);
    });

    const predictions = config.batchSize * targetLength;
    const rows = reshape(tape, decoded, [predictions, modelDim]);
    const logits = linearLayer(tape, 'generator', rows, vocabularySize, generatorStart);
    const loss = builder.within('loss', () =>
      crossEntropy(tape, logits, layout.reshape(builder, wanted!, [predictions]), { ignoredLabel: paddingId }),
    );
    return { inputs: [source, target], logits, loss };
  },

  /** ORION counts a pair by its source: FLOPs, activations and tokens are those of `src_len` tokens. */
  workload(config, sample) {
    const sourceLength = sequenceLengthOf(config);
    return {
      ...transformerWorkload(config, sample, {
        sequenceLength: sourceLength,
        depth: 2 * depthOf(config),
        modelDim,
        heads,
        feedForwardDim,
      }),
      seq_len: null,
      src_len: sourceLength,
      tgt_len: targetLengthOf(config),
      arch_family: 'encoder_decoder',
      activation: 'relu',
      norm_style: 'postln',
      norm_impl: 'LayerNorm',
      positional_encoding: 'sinusoidal',
      attention_pattern: 'causal',
      vocab_size: vocabularySizeOf(config),
      img_size: null,
      patch_size: null,
      in_channels: null,
    };
  },
};

/** [N, T] -> [N, T, D] */
function embedTokens(tape: Tape, ids: Tensor, vocabularySize: number): Tensor {
  const { builder } = tape;
  const tokens = ids.dims[1]!;
  return builder.within('embedding', () => {
    const words = tape.parameter('words', [vocabularySize, modelDim], xavierUniform);
    const positions = builder.floats(sinusoidalPositions(tokens, modelDim), [tokens, modelDim]);
    return add(tape, scale(tape, embedding(tape, words, ids), Math.sqrt(modelDim)), positions);
  });
}
