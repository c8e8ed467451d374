import type { Tape } from '../../autodiff/tape.js';
import type { GraphBuilder, Tensor } from '../../builder.js';
import { elementCount } from '../../shape.js';
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
 * Two-dimensional convolution without bias: x [N, Ci, H, W], weight [Co, Ci / groups, kh, kw]. 2 * Ci / groups * kh *
 * kw FLOPs per element of the output. Which formulation is fastest depends on the sizes; all give the same values.
 */
export function convolution(tape: Tape, x: Tensor, weight: Tensor, options: ConvolutionOptions = {}): Tensor {
  const { builder } = tape;
  const geometry = geometryOf(x.dims, weight.dims, options);
  const { kernel, groups, inputChannels } = geometry;
  const output = forward(builder, x, weight, geometry);
  return tape.record({
    kind: 'convolution',
    convolution: { kernel, groups, inputChannels },
    inputs: [x, weight],
    output,
    flops: 2 * (inputChannels / groups) * kernelElements(geometry) * elementCount(output.dims),
    gradient: (g) => [() => inputGradient(builder, g, weight, geometry), () => weightGradient(builder, g, x, geometry)],
  });
}

/** Below this many pixels an image's own matrix product is too narrow to be fast (measured on the CPU provider). */
const fewPixels = 16;

function forward(builder: GraphBuilder, x: Tensor, weight: Tensor, geometry: Geometry): Tensor {
  if (isPointwise(geometry) && outputPixels(geometry) <= fewPixels) {
    return pointwise.pointwiseInSingleProduct(builder, x, weight, geometry);
  }
  return builder.emitOne('Conv', [x, weight], outputDims(geometry), convolutionAttributes(geometry));
}

function inputGradient(builder: GraphBuilder, g: Tensor, weight: Tensor, geometry: Geometry): Tensor {
  if (isPointwise(geometry)) {
    return outputPixels(geometry) <= fewPixels
      ? pointwise.inputGradientInSingleProduct(builder, g, weight, geometry)
      : pointwise.inputGradientPerImage(builder, g, weight, geometry);
  }
  if (geometry.stride === 1 && geometry.groups === 1) return flippedConvolution(builder, g, weight, geometry);
  return transposedConvolution(builder, g, weight, geometry);
}

function weightGradient(builder: GraphBuilder, g: Tensor, x: Tensor, geometry: Geometry): Tensor {
  if (isPointwise(geometry)) {
    return pointwise.weightGradientFitsPerImage(geometry)
      ? pointwise.weightGradientPerImage(builder, g, x, geometry)
      : pointwise.weightGradientInSingleProduct(builder, g, x, geometry);
  }
  if (isPatchEmbedding(geometry)) return weightGradients.fromPatches(builder, g, x, geometry);
  if (geometry.stride > 1 || geometry.groups > 1 || geometry.inputChannels < 16) {
    return weightGradients.fromOneHotColumns(builder, g, x, geometry);
  }
  return weightGradients.offsetsFitPerImage(geometry)
    ? weightGradients.fromOffsetsPerImage(builder, g, x, geometry)
    : weightGradients.fromOffsetsInSingleProducts(builder, g, x, geometry);
}

function isPatchEmbedding({ kernel, stride, padding, groups, inputSize }: Geometry): boolean {
  const covers = (axis: 0 | 1) => kernel[axis] === stride && inputSize[axis] % stride === 0;
  return groups === 1 && padding === 0 && covers(0) && covers(1);
}
