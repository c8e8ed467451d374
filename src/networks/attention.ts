import type { Tape } from '../graph/autodiff/tape.js';
import type { Tensor } from '../graph/builder.js';
import { gelu } from '../graph/operations/activation.js';
import { add } from '../graph/operations/arithmetic.js';
import { reshape, transpose } from '../graph/operations/layout.js';
import { matmul } from '../graph/operations/product.js';
import { softmax } from '../graph/operations/softmax.js';
import { type LinearStart, layerNormLayer, linearLayer } from './layers.js';

export interface AttentionOptions {
  heads: number;
  /** Added to the attention scores [N, heads, queries, keys], broadcast. */
  attentionBias?: Tensor;
  /** Of its linear layers. */
  linearStart?: LinearStart;
}

export interface EncoderBlockOptions extends AttentionOptions {
  feedForwardDim: number;
}

/** A Transformer encoder block, norms first (Xiong et al. 2020): [N, T, D] -> [N, T, D]. */
export function encoderBlock(tape: Tape, x: Tensor, options: EncoderBlockOptions): Tensor {
  const normalised = layerNormLayer(tape, 'norm1', x);
  const attended = add(tape, x, attention(tape, 'attention', normalised, normalised, options));
  return add(tape, attended, feedForward(tape, layerNormLayer(tape, 'norm2', attended), options));
}

/**
 * Scaled dot-product attention of several heads (Vaswani et al. 2017): `x` [N, queries, D] asks, `memory` [N, keys, D]
 * answers; the same tensor for self-attention. [N, queries, D]
 */
export function attention(tape: Tape, name: string, x: Tensor, memory: Tensor, options: AttentionOptions): Tensor {
  const { heads, attentionBias, linearStart } = options;
  const width = x.dims.at(-1)!;
  const headDim = width / heads;
  return tape.builder.within(name, () => {
    const headsOf = (projection: string, from: Tensor) => {
      const projected = linearLayer(tape, projection, from, width, linearStart);
      return transpose(tape, reshape(tape, projected, [...from.dims.slice(0, 2), heads, headDim]), [0, 2, 1, 3]);
    };
    const [query, key, value] = [headsOf('query', x), headsOf('key', memory), headsOf('value', memory)];
    const scores = matmul(tape, query, key, { transposeB: true, scale: 1 / Math.sqrt(headDim) });
    const weights = softmax(tape, attentionBias ? add(tape, scores, attentionBias) : scores);
    const mixed = transpose(tape, matmul(tape, weights, value), [0, 2, 1, 3]);
    return linearLayer(tape, 'output', reshape(tape, mixed, x.dims), width, linearStart);
  });
}

function feedForward(tape: Tape, x: Tensor, { feedForwardDim, linearStart }: EncoderBlockOptions): Tensor {
  const hidden = gelu(tape, linearLayer(tape, 'feed_forward1', x, feedForwardDim, linearStart));
  return linearLayer(tape, 'feed_forward2', hidden, x.dims.at(-1)!, linearStart);
}
