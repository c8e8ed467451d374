import type { Tape } from '../../autodiff/tape.js';
import type { GraphBuilder, Tensor } from '../../builder.js';
import { add } from '../../primitives/elementwise.js';
import { reshape } from '../../primitives/layout.js';
import { reduceSum } from '../../primitives/reduce.js';
import { elementCount } from '../../shape.js';
import * as columns from './columns.js';
import * as depthwise from './depthwise.js';
import * as gatheredPatches from './gathered-patches.js';
import {
  type ConvolutionOptions,
  convolutionAttributes,
  type Geometry,
  geometryOf,
  isPointwise,
  kernelElements,
  outputDims,
  outputPixels,
} from './geometry.js';
import { flippedConvolution, transposedConvolution } from './input-gradient.js';
import * as pointwise from './pointwise.js';
import * as weightGradients from './weight-gradient.js';

/**
 * Two-dimensional convolution: x [N, Ci, H, W], weight [Co, Ci / groups, kh, kw], bias [Co] where there is one. 2 * Ci /
 * groups * kh * kw FLOPs per element of the output; the bias is not counted (ORION section 1). Bytes count the input whole:
 * pixels that a stride steps over lie between those that are read, in the same memory lines. Which formulation is fastest
 * depends on the sizes; all give the same values.
 */
export function convolution(
  tape: Tape,
  x: Tensor,
  weight: Tensor,
  options: ConvolutionOptions = {},
  bias?: Tensor,
): Tensor {
  const { builder } = tape;
  const geometry = geometryOf(x.dims, weight.dims, options);
  const { kernel, groups, inputChannels } = geometry;
  const [input, kernels] = [tape.inComputeType(x), tape.inComputeType(weight)];
  const addend = bias && tape.inComputeType(bias);
  // ONNX Runtime fuses a Conv with the norm and the activation behind it, once the norm is a fixed one: a forward pass of the
  // CNNs takes 0.3 to 0.8 times as long on the CPU as with the formulations for training.
  const output =
    tape.mode === 'inference'
      ? plainConvolution(builder, input, kernels, addend, geometry)
      : forward(builder, input, kernels, addend, geometry);
  return tape.record({
    kind: 'convolution',
    convolution: { kernel, groups, inputChannels },
    inputs: bias ? [x, weight, bias] : [x, weight],
    output,
    flops: 2 * (inputChannels / groups) * kernelElements(geometry) * elementCount(output.dims),
    gradient: (g) => [
      () => inputGradient(builder, g, kernels, geometry),
      () => weightGradient(builder, g, input, geometry),
      () => reduceSum(builder, g, [0, 2, 3]),
    ],
  });
}

/**
 * Up to this many output pixels an image's own matrix product is too narrow to be fast, and products over the whole
 * batch win: two to four times at 2 x 2 pixels, nothing at 4 x 4 (32 images on the CPU provider).
 */
const fewPixels = 8;
/** Strided 1 x 1 convolutions gain from it a little longer. */
const fewStridedPixels = 16;
/** Below this many input channels the columns' rows are so short that a constant convolution copies them faster. */
const fewChannels = 16;

/** Up to this many output pixels ONNX Runtime's convolution is slower on the CPU than a product with gathered patches. */
const fewPatches = 64;

/** Patches take the weights in another order: that pays only where there are more patches than rows of weights. */
function patchesPay(builder: GraphBuilder, geometry: Geometry): boolean {
  const { batch, groups, inputChannels, outputChannels, kernel } = geometry;
  const fits = groups === 1 && inputChannels >= fewChannels && kernel[0] === kernel[1];
  return builder.provider === 'cpu' && fits && batch * outputPixels(geometry) >= outputChannels;
}

/** On the CPU matrices with a row per channel are faster at any size, and batch norm wants them too. */
function prefersRows(builder: GraphBuilder, geometry: Geometry, mostPixels: number): boolean {
  return builder.provider === 'cpu' || outputPixels(geometry) <= mostPixels;
}

function forward(
  builder: GraphBuilder,
  x: Tensor,
  weight: Tensor,
  bias: Tensor | undefined,
  geometry: Geometry,
): Tensor {
  const withBias = (output: Tensor) =>
    bias ? add(builder, output, reshape(builder, bias, [1, geometry.outputChannels, 1, 1])) : output;
  if (isPointwise(geometry) && prefersRows(builder, geometry, fewPixels)) {
    return withBias(pointwise.outputInSingleProduct(builder, x, weight, geometry));
  }
  if (isSmallDepthwise(builder, geometry)) return withBias(depthwise.output(builder, x, weight, geometry));
  if (patchesPay(builder, geometry) && outputPixels(geometry) <= fewPatches) {
    return withBias(gatheredPatches.outputFromPatches(builder, x, weight, geometry));
  }
  if (geometry.groups === 1 && outputPixels(geometry) <= fewPixels) {
    return withBias(columns.outputFromColumns(builder, x, weight, geometry));
  }
  return plainConvolution(builder, x, weight, bias, geometry);
}

function plainConvolution(
  builder: GraphBuilder,
  x: Tensor,
  weight: Tensor,
  bias: Tensor | undefined,
  geometry: Geometry,
): Tensor {
  const operands: [Tensor, ...Tensor[]] = bias ? [x, weight, bias] : [x, weight];
  return builder.emitOne('Conv', operands, outputDims(geometry), convolutionAttributes(geometry));
}

function inputGradient(builder: GraphBuilder, g: Tensor, weight: Tensor, geometry: Geometry): Tensor {
  if (isSmallDepthwise(builder, geometry)) return depthwise.inputGradient(builder, g, weight, geometry);
  const pixels = outputPixels(geometry);
  const mostPixels = geometry.stride > 1 ? fewStridedPixels : fewPixels;
  if (isPointwise(geometry) && prefersRows(builder, geometry, mostPixels)) {
    return pointwise.inputGradientInSingleProduct(builder, g, weight, geometry);
  }
  if (patchesPay(builder, geometry) && geometry.stride === 1 && pixels <= fewPatches) {
    return gatheredPatches.inputGradientFromPatches(builder, g, weight, geometry);
  }
  if (geometry.groups === 1 && pixels <= fewPixels) {
    return columns.inputGradientFromColumns(builder, g, weight, geometry);
  }
  return geometry.groups === 1 && geometry.stride === 1
    ? flippedConvolution(builder, g, weight, geometry)
    : transposedConvolution(builder, g, weight, geometry);
}

function weightGradient(builder: GraphBuilder, g: Tensor, x: Tensor, geometry: Geometry): Tensor {
  if (isPointwise(geometry)) {
    return builder.provider !== 'cpu' && fitsPerImage(geometry)
      ? pointwise.weightGradientPerImage(builder, g, x, geometry)
      : pointwise.weightGradientInSingleProduct(builder, g, x, geometry);
  }
  if (isSmallDepthwise(builder, geometry)) return depthwise.weightGradient(builder, g, x, geometry);
  if (isPatchEmbedding(geometry)) return weightGradients.fromPatches(builder, g, x, geometry);
  if (geometry.groups > 1 || geometry.inputChannels < fewChannels) {
    return weightGradients.fromOneHotColumns(builder, g, x, geometry);
  }
  if (patchesPay(builder, geometry)) return gatheredPatches.weightGradientFromPatches(builder, g, x, geometry);
  if (geometry.stride > 1 || outputPixels(geometry) <= fewPixels) {
    return columns.weightGradientFromColumns(builder, g, x, geometry);
  }
  return builder.provider !== 'cpu' && fitsPerImage(geometry)
    ? weightGradients.fromOffsetsPerImage(builder, g, x, geometry)
    : weightGradients.fromOffsetsInSingleProducts(builder, g, x, geometry);
}

/** Input pixels times output pixels of a depthwise convolution, up to which a product per channel is faster on the CPU. */
const fewPixelPairs = 64 * 64;

function isSmallDepthwise(builder: GraphBuilder, geometry: Geometry): boolean {
  const { groups, inputChannels, outputChannels, inputSize } = geometry;
  const isDepthwise = groups > 1 && groups === inputChannels && groups === outputChannels;
  const pairs = inputSize[0] * inputSize[1] * outputPixels(geometry);
  return builder.provider === 'cpu' && isDepthwise && pairs <= fewPixelPairs;
}

/** Whether a product per image, and the sum of its [Co, Ci] results, moves less memory than transposing the images. */
function fitsPerImage(geometry: Geometry): boolean {
  const { outputChannels, inputChannels } = geometry;
  return outputChannels * inputChannels < (outputChannels + inputChannels) * outputPixels(geometry);
}

/** Kernel = stride without padding: patches that do not overlap. */
function isPatchEmbedding({ kernel, stride, padding, groups, inputSize }: Geometry): boolean {
  const covers = (axis: 0 | 1) => kernel[axis] === stride && inputSize[axis] % stride === 0;
  return groups === 1 && padding === 0 && covers(0) && covers(1);
}
