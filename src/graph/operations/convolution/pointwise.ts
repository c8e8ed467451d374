import type { GraphBuilder, Tensor } from '../../builder.js';
import { pad, reshape, slice, swapImages } from '../../primitives/layout.js';
import { product } from '../../primitives/product.js';
import { reduceSum } from '../../primitives/reduce.js';
import { spreadPixels } from '../spread.js';
import { channelRows, imagesOfChannelRows } from './channels-first.js';
import { type Geometry, outputDims } from './geometry.js';

/**
 * 1 x 1 convolutions are matrix products over the channels. Either each image is one product, [Co, Ci] x [Ci, pixels],
 * or all pixels of the batch are the columns of a single one; the latter reads the weights once, but has to bring the
 * channels to the front.
 */

function asMatrix(builder: GraphBuilder, weight: Tensor): Tensor {
  return reshape(builder, weight, [weight.dims[0]!, weight.dims[1]!]);
}

function asWeight(builder: GraphBuilder, matrix: Tensor, { outputChannels, inputChannels }: Geometry): Tensor {
  return reshape(builder, matrix, [outputChannels, inputChannels, 1, 1]);
}

/** [N, C, H, W] -> [N, C, H * W] */
function flattenPixels(builder: GraphBuilder, images: Tensor): Tensor {
  const [batch, channels, height, width] = images.dims as [number, number, number, number];
  return reshape(builder, images, [batch, channels, height * width]);
}

/** The pixels that a strided 1 x 1 convolution looks at. */
function everyStridedPixel(builder: GraphBuilder, input: Tensor, { stride, outputSize }: Geometry): Tensor {
  if (stride === 1) return input;
  return slice(
    builder,
    input,
    outputSize.map((length, index) => ({ axis: 2 + index, start: 0, length, step: stride })),
  );
}

export function outputInSingleProduct(
  builder: GraphBuilder,
  input: Tensor,
  weight: Tensor,
  geometry: Geometry,
): Tensor {
  const pixels = channelRows(builder, everyStridedPixel(builder, input, geometry));
  return imagesOfChannelRows(builder, product(builder, asMatrix(builder, weight), pixels), outputDims(geometry));
}

export function inputGradientInSingleProduct(
  builder: GraphBuilder,
  outputGradient: Tensor,
  weight: Tensor,
  geometry: Geometry,
): Tensor {
  const { batch, inputChannels, inputSize, outputSize, stride } = geometry;
  const pixels = channelRows(builder, outputGradient);
  const gradient = product(builder, asMatrix(builder, weight), pixels, { transposeA: true });
  const seen = reshape(builder, gradient, [inputChannels, batch, ...outputSize]);
  const leftOver = (axis: 0 | 1) => inputSize[axis] - outputSize[axis] * stride;
  const all = pad(builder, spreadPixels(builder, seen, stride), [0, 0, 0, 0], [0, 0, leftOver(0), leftOver(1)]);
  return swapImages(builder, all);
}

export function weightGradientPerImage(
  builder: GraphBuilder,
  outputGradient: Tensor,
  input: Tensor,
  geometry: Geometry,
): Tensor {
  const pixels = flattenPixels(builder, everyStridedPixel(builder, input, geometry));
  const perImage = product(builder, flattenPixels(builder, outputGradient), pixels, { transposeB: true });
  return asWeight(builder, reduceSum(builder, perImage, [0]), geometry);
}

export function weightGradientInSingleProduct(
  builder: GraphBuilder,
  outputGradient: Tensor,
  input: Tensor,
  geometry: Geometry,
): Tensor {
  const pixels = channelRows(builder, everyStridedPixel(builder, input, geometry));
  const gradient = product(builder, channelRows(builder, outputGradient), pixels, { transposeB: true });
  return asWeight(builder, gradient, geometry);
}
