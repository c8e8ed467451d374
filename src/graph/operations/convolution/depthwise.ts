import type { GraphBuilder, Tensor } from '../../builder.js';
import type { FloatType } from '../../onnx/types.js';
import { reshape, swapImages } from '../../primitives/layout.js';
import { product } from '../../primitives/product.js';
import { range } from '../../shape.js';
import { type Geometry, inputDims, kernelElements, outputDims, outputPixels } from './geometry.js';

/**
 * Depthwise convolution of small images as a product per channel: [N, input pixels] x [input pixels, output pixels],
 * where the second factor holds the weight at the kernel offset through which an output pixel sees an input pixel, and 0
 * where it does not (a doubly blocked Toeplitz matrix). More multiplications than needed, but in matrix products:
 * 32 images of 4 x 4 pixels take a fifth of the time of Conv.
 */

const inputPixels = ({ inputSize }: Geometry): number => inputSize[0] * inputSize[1];

/** [N, C, H, W] -> [C, N, H * W] */
function channelBatches(builder: GraphBuilder, images: Tensor): Tensor {
  const [batch, channels, height, width] = images.dims as [number, number, number, number];
  return reshape(builder, swapImages(builder, images), [channels, batch, height * width]);
}

/** The inverse of `channelBatches`: images of shape `dims`. */
function imagesOfChannelBatches(builder: GraphBuilder, batches: Tensor, dims: readonly number[]): Tensor {
  const [batch, channels, height, width] = dims as [number, number, number, number];
  return swapImages(builder, reshape(builder, batches, [channels, batch, height, width]));
}

/** The factor of each channel: [C, input pixels, output pixels]. */
function factors(builder: GraphBuilder, weight: Tensor, geometry: Geometry): Tensor {
  const flat = reshape(builder, weight, [geometry.outputChannels, kernelElements(geometry)]);
  const spread = product(builder, flat, sightings(builder, geometry, weight));
  return reshape(builder, spread, [geometry.outputChannels, inputPixels(geometry), outputPixels(geometry)]);
}

/**
 * 1 where an output pixel sees an input pixel through a kernel offset: [offsets, input pixels * output pixels], of the
 * type of `neighbour`.
 */
function sightings(builder: GraphBuilder, geometry: Geometry, neighbour: Tensor): Tensor {
  const { inputSize, outputSize, kernel, stride, padding } = geometry;
  const pairs = inputPixels(geometry) * outputPixels(geometry);
  const values = new Float32Array(kernelElements(geometry) * pairs);
  for (const offset of range(0, kernelElements(geometry))) {
    const [kernelRow, kernelColumn] = [Math.floor(offset / kernel[1]), offset % kernel[1]];
    for (const output of range(0, outputPixels(geometry))) {
      const row = Math.floor(output / outputSize[1]) * stride + kernelRow - padding;
      const column = (output % outputSize[1]) * stride + kernelColumn - padding;
      if (row < 0 || row >= inputSize[0] || column < 0 || column >= inputSize[1]) continue;
      values[offset * pairs + (row * inputSize[1] + column) * outputPixels(geometry) + output] = 1;
    }
  }
  return builder.floats(values, [kernelElements(geometry), pairs], neighbour.type as FloatType);
}

export function output(builder: GraphBuilder, input: Tensor, weight: Tensor, geometry: Geometry): Tensor {
  const batches = product(builder, channelBatches(builder, input), factors(builder, weight, geometry));
  return imagesOfChannelBatches(builder, batches, outputDims(geometry));
}

export function inputGradient(builder: GraphBuilder, g: Tensor, weight: Tensor, geometry: Geometry): Tensor {
  const batches = product(builder, channelBatches(builder, g), factors(builder, weight, geometry), {
    transposeB: true,
  });
  return imagesOfChannelBatches(builder, batches, inputDims(geometry));
}

export function weightGradient(builder: GraphBuilder, g: Tensor, input: Tensor, geometry: Geometry): Tensor {
  const { outputChannels, kernel } = geometry;
  const ofFactors = product(builder, channelBatches(builder, input), channelBatches(builder, g), {
    transposeA: true,
  });
  const flat = reshape(builder, ofFactors, [outputChannels, inputPixels(geometry) * outputPixels(geometry)]);
  const gradient = product(builder, flat, sightings(builder, geometry, flat), { transposeB: true });
  return reshape(builder, gradient, [outputChannels, 1, ...kernel]);
}
