import type { Tensor } from '../graph/builder.js';
import { truncatedNormal } from '../graph/initialise.js';
import { add } from '../graph/operations/arithmetic.js';
import { embedding } from '../graph/operations/embedding.js';
import { attentionBias, maskedMean, paddingMask } from '../graph/operations/mask.js';
import { encoderBlock } from './attention.js';
import { classify, layerNormLayer } from './layers.js';
import type { Network } from './network.js';
import { sequenceLengthOf, vocabularySizeOf } from './sizes.js';
import type { TrainingConfig } from './types.js';
import { transformerWorkload } from './workload/transformer.js';

const modelDim = 256;
const heads = 8;
const defaultDepth = 6;
const feedForwardDim = 1024;
const paddingId = 0;
/** Deviation of the embeddings, as BERT's. */
const embeddingDeviation = 0.02;

const depthOf = (config: TrainingConfig) => config.depth ?? defaultDepth;

/**
 * ORION's DistilBERT: a text classifier of pre-norm encoder blocks with learned positions, whose padding (token 0) is
 * neither attended to nor counted in the mean over tokens.
 */
export const distilbert: Network = {
  family: 'transformer',
  datasets: ['SST2', 'IMDB'],
  input: 'text',

  forward(tape, config) {
    const { builder } = tape;
    const tokens = sequenceLengthOf(config);
    const ids: Tensor = { name: 'tokens', type: 'int64', dims: [config.batchSize, tokens] };
    const mask = builder.within('mask', () => paddingMask(builder, ids, paddingId));
    const bias = builder.within('mask', () => attentionBias(builder, mask));

    // x is [N, tokens, D] between blocks.
    let x = builder.within('embedding', () => {
      const words = tape.parameter('words', [vocabularySizeOf(config), modelDim], truncatedNormal(embeddingDeviation));
      const positions = tape.parameter('positions', [tokens, modelDim], truncatedNormal(embeddingDeviation));
      return add(tape, embedding(tape, words, ids), positions);
    });
    for (let block = 0; block < depthOf(config); block++) {
      x = builder.within(`block${block}`, () => encoderBlock(tape, x, { heads, feedForwardDim, attentionBias: bias }));
    }
    const pooled = maskedMean(tape, layerNormLayer(tape, 'norm', x), mask);
    return classify(tape, config, ids, pooled);
  },

  workload(config, sample) {
    const sequenceLength = sequenceLengthOf(config);
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
      vocab_size: vocabularySizeOf(config),
      img_size: null,
      patch_size: null,
      in_channels: null,
    };
  },
};
