import type { Initialiser, Tape } from '../graph/autodiff/tape.js';
import type { Tensor } from '../graph/builder.js';
import { biasDefault, constant, kaimingNormalFanOut, linearDefault } from '../graph/initialise.js';
import { batchNorm } from '../graph/operations/batch-norm.js';
import { batchNormInference } from '../graph/operations/batch-norm-inference.js';
import { convolution } from '../graph/operations/convolution/convolution.js';
import { crossEntropy } from '../graph/operations/cross-entropy.js';
import { layerNorm } from '../graph/operations/layer-norm.js';
import { linear } from '../graph/operations/linear.js';
import type { ForwardTensors } from './network.js';
import type { TrainingConfig } from './types.js';

/** Layers: an operation together with its parameters, under a scope that names both. */

/** What a linear layer's parameters start from, where that is not PyTorch's default. */
export interface LinearStart {
  weight: Initialiser;
  bias: Initialiser;
}

/** [..., in] -> [..., outputs] */
export function linearLayer(tape: Tape, name: string, x: Tensor, outputs: number, start?: LinearStart): Tensor {
  const inputs = x.dims.at(-1)!;
  return tape.builder.within(name, () => {
    const weight = tape.parameter('weight', [outputs, inputs], start?.weight ?? linearDefault);
    const bias = tape.parameter('bias', [outputs], start?.bias ?? biasDefault(inputs));
    return linear(tape, x, weight, bias);
  });
}

/** Over the last axis. */
export function layerNormLayer(tape: Tape, name: string, x: Tensor): Tensor {
  const dims = [x.dims.at(-1)!];
  return tape.builder.within(name, () => {
    const scale = tape.parameter('weight', dims, constant(1));
    const shift = tape.parameter('bias', dims, constant(0));
    return layerNorm(tape, x, scale, shift);
  });
}

export interface ConvolutionLayerOptions {
  outputs: number;
  kernel: number;
  stride?: number;
  groups?: number;
  /** Add a bias, which starts at zero; without one unless given. */
  bias?: boolean;
  /** Of the weight; Kaiming normal by fan-out unless given. */
  initialise?: Initialiser;
}

/** Convolution padded to keep the size at stride 1: [N, C, H, W] -> [N, outputs, H', W']. */
export function convolutionLayer(tape: Tape, name: string, x: Tensor, options: ConvolutionLayerOptions): Tensor {
  const { outputs, kernel, stride = 1, groups = 1, initialise = kaimingNormalFanOut } = options;
  return tape.builder.within(name, () => {
    const weight = tape.parameter('weight', [outputs, x.dims[1]! / groups, kernel, kernel], initialise);
    const bias = options.bias ? tape.parameter('bias', [outputs], constant(0)) : undefined;
    return convolution(tape, x, weight, { stride, padding: (kernel - 1) / 2, groups }, bias);
  });
}

/**
 * Over each channel of [N, C, H, W]. In inference by running statistics, which nothing has trained: mean 0 and variance 1,
 * as PyTorch's start. The arithmetic is that of a trained network.
 */
export function batchNormLayer(tape: Tape, name: string, x: Tensor): Tensor {
  const dims = [x.dims[1]!];
  return tape.builder.within(name, () => {
    const scale = tape.parameter('weight', dims, constant(1));
    const shift = tape.parameter('bias', dims, constant(0));
    if (tape.mode === 'training') return batchNorm(tape, x, scale, shift);
    const statistics = {
      mean: tape.buffer('running_mean', dims, constant(0)),
      variance: tape.buffer('running_var', dims, constant(1)),
    };
    return batchNormInference(tape, x, scale, shift, statistics);
  });
}

/** A convolution layer, then batch norm: [N, C, H, W] -> [N, outputs, H', W']. */
export function convolutionNorm(tape: Tape, name: string, x: Tensor, options: ConvolutionLayerOptions): Tensor {
  return tape.builder.within(name, () => batchNormLayer(tape, 'norm', convolutionLayer(tape, 'conv', x, options)));
}

/** float32 [N, C, H, W] */
export function imageInput(config: TrainingConfig, shape: readonly [number, number, number]): Tensor {
  return { name: 'images', type: 'float32', dims: [config.batchSize, ...shape] };
}

/** Linear head, cross-entropy with int64 labels [N]. */
export function classify(
  tape: Tape,
  config: TrainingConfig,
  input: Tensor,
  features: Tensor,
  start?: LinearStart,
): ForwardTensors {
  const labels: Tensor = { name: 'labels', type: 'int64', dims: [config.batchSize] };
  const logits = linearLayer(tape, 'head', features, config.classes, start);
  const loss = tape.builder.within('loss', () => crossEntropy(tape, logits, labels));
  return { inputs: [input, labels], logits, loss };
}
