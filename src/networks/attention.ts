import type { Tape } from '../graph/autodiff/tape.js';
import type { Tensor } from '../graph/builder.js';
import { gelu } from '../graph/operations/activation.js';
import { add } from '../graph/operations/arithmetic.js';
import { reshape, transpose } from '../graph/operations/layout.js';
import { matmul } from '../graph/operations/product.js';
import { softmax } from '../graph/operations/softmax.js';
import { type LinearStart, layerNormLayer, linearLayer } from './layers.js';

export interface EncoderBlockOptions {
  heads: number;
  feedForwardDim: number;
  /** Added to the attention scores [N, heads, T, T], broadcast. */
  attentionBias?: Tensor;
  /** Of its linear layers. */
  linearStart?: LinearStart;
}

/** A Transformer encoder block, norms first (Xiong et al. 2020): [N, T, D] -> [N, T, D]. */
export function encoderBlock(tape: Tape, x: Tensor, options: EncoderBlockOptions): Tensor {
  const attended = add(tape, x, selfAttention(tape, layerNormLayer(tape, 'norm1', x), options));
  return add(tape, attended, feedForward(tape, layerNormLayer(tape, 'norm2', attended), options));
}

function selfAttention(tape: Tape, x: Tensor, options: EncoderBlockOptions): Tensor {
  const { heads, attentionBias, linearStart } = options;
  const [batch, tokens, width] = x.dims as [number, number, number];
  const headDim = width / heads;
  return tape.builder.within('attention', () => {
    const headsOf = (name: string) => {
      const projected = reshape(tape, linearLayer(tape, name, x, width, linearStart), [batch, tokens, heads, headDim]);
      return transpose(tape, projected, [0, 2, 1, 3]);
    };
    const [query, key, value] = [headsOf('query'), headsOf('key'), headsOf('value')];
    const scores = matmul(tape, query, key, { transposeB: true, scale: 1 / Math.sqrt(headDim) });
    const weights = softmax(tape, attentionBias ? add(tape, scores, attentionBias) : scores);
    const mixed = transpose(tape, matmul(tape, weights, value), [0, 2, 1, 3]);
    return linearLayer(tape, 'output', reshape(tape, mixed, [batch, tokens, width]), width, linearStart);
  });
}

function feedForward(tape: Tape, x: Tensor, { feedForwardDim, linearStart }: EncoderBlockOptions): Tensor {
  const hidden = gelu(tape, linearLayer(tape, 'feed_forward1', x, feedForwardDim, linearStart));
  return linearLayer(tape, 'feed_forward2', hidden, x.dims.at(-1)!, linearStart);
}
