import type { Initialiser, Tape } from '../graph/autodiff/tape.js';
import type { Tensor } from '../graph/builder.js';
import { biasDefault, constant, kaimingNormalFanOut, linearDefault } from '../graph/initialise.js';
import { batchNorm } from '../graph/operations/batch-norm.js';
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
}

/** Convolution padded to keep the size at stride 1, without bias, then batch norm: [N, C, H, W] -> [N, outputs, H', W']. */
export function convolutionNorm(tape: Tape, name: string, x: Tensor, options: ConvolutionLayerOptions): Tensor {
  const { outputs, kernel, stride = 1, groups = 1 } = options;
  return tape.builder.within(name, () => {
    const weightDims = [outputs, x.dims[1]! / groups, kernel, kernel];
    const weight = tape.parameter('conv.weight', weightDims, kaimingNormalFanOut);
    const scale = tape.parameter('norm.weight', [outputs], constant(1));
    const shift = tape.parameter('norm.bias', [outputs], constant(0));
    const convolved = convolution(tape, x, weight, { stride, padding: (kernel - 1) / 2, groups });
    return batchNorm(tape, convolved, scale, shift);
  });
}

/** float32 [N, C, H, W] */
export function imageInput(config: TrainingConfig, shape: readonly [number, number, number]): Tensor {
  return { name: 'images', type: 'float32', dims: [config.batchSize, ...shape] };
}

/** Linear head, cross-entropy with int64 labels [N]. */
export function classify(tape: Tape, config: TrainingConfig, input: Tensor, features: Tensor): ForwardTensors {
  const labels: Tensor = { name: 'labels', type: 'int64', dims: [config.batchSize] };
  const logits = linearLayer(tape, 'head', features, config.classes);
  const loss = tape.builder.within('loss', () => crossEntropy(tape, logits, labels));
  return { inputs: [input, labels], logits, loss };
}
