import type { Tape } from '../graph/autodiff/tape.js';
import type { Tensor } from '../graph/builder.js';
import { biasDefault, constant, xavierUniform } from '../graph/initialise.js';
import { relu } from '../graph/operations/activation.js';
import { add } from '../graph/operations/arithmetic.js';
import { attention } from './attention.js';
import { type LinearStart, layerNormLayer, linearLayer } from './layers.js';

/**
 * The blocks of the encoder-decoder Transformer as torch.nn.Transformer has them by default: a norm after each residual
 * sum, ReLU, Xavier-uniform weights; biases of the attention start at 0.
 */
export interface BlockOptions {
  heads: number;
  feedForwardDim: number;
  /** Added to the scores of self-attention [N, heads, T, T], broadcast. */
  selfAttentionBias: Tensor;
}

export interface DecoderBlockOptions extends BlockOptions {
  /** What the encoder made of the source: [N, S, D]. */
  memory: Tensor;
  /** Added to the scores of cross attention [N, heads, T, S], broadcast. */
  crossAttentionBias: Tensor;
}

const attentionStart: LinearStart = { weight: xavierUniform, bias: constant(0) };

/** [N, S, D] -> [N, S, D] */
export function postNormEncoderBlock(tape: Tape, x: Tensor, options: BlockOptions): Tensor {
  const { heads, feedForwardDim, selfAttentionBias } = options;
  const self = { heads, attentionBias: selfAttentionBias, linearStart: attentionStart };
  const attended = sumNorm(tape, 'norm1', x, attention(tape, 'attention', x, x, self));
  return sumNorm(tape, 'norm2', attended, feedForward(tape, attended, feedForwardDim));
}

/** [N, T, D] -> [N, T, D] */
export function postNormDecoderBlock(tape: Tape, x: Tensor, options: DecoderBlockOptions): Tensor {
  const { heads, feedForwardDim, memory, selfAttentionBias, crossAttentionBias } = options;
  const self = { heads, attentionBias: selfAttentionBias, linearStart: attentionStart };
  const cross = { heads, attentionBias: crossAttentionBias, linearStart: attentionStart };
  const attended = sumNorm(tape, 'norm1', x, attention(tape, 'self_attention', x, x, self));
  const informed = sumNorm(tape, 'norm2', attended, attention(tape, 'cross_attention', attended, memory, cross));
  return sumNorm(tape, 'norm3', informed, feedForward(tape, informed, feedForwardDim));
}

function sumNorm(tape: Tape, name: string, x: Tensor, change: Tensor): Tensor {
  return layerNormLayer(tape, name, add(tape, x, change));
}

function feedForward(tape: Tape, x: Tensor, hiddenDim: number): Tensor {
  const layer = (name: string, input: Tensor, outputs: number) =>
    linearLayer(tape, name, input, outputs, { weight: xavierUniform, bias: biasDefault(input.dims.at(-1)!) });
  return layer('feed_forward2', relu(tape, layer('feed_forward1', x, hiddenDim)), x.dims.at(-1)!);
}
