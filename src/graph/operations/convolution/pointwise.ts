import type { GraphBuilder, Tensor } from '../../builder.js';
import { pad, reshape, slice, transpose } from '../../primitives/layout.js';
import { product } from '../../primitives/product.js';
import { reduceSum } from '../../primitives/reduce.js';
import { elementCount, type Shape } from '../../shape.js';
import { type Geometry, inputDims, outputDims, outputPixels } from './geometry.js';

/**
 * 1 x 1 convolutions are matrix products over the channels. Either each image is one product, [Co, Ci] x [Ci, pixels],
 * or all pixels of the batch are the columns of a single one; the latter reads the weights once, but has to bring the
 * channels to the front. Products of few pixels are slow, so small images take the single product.
 */

/** Images [N, C, H, W] with channels first: [C, N * H * W]. */
function channelsFirst(builder: GraphBuilder, images: Tensor): Tensor {
  const channels = images.dims[1]!;
  return reshape(builder, transpose(builder, images, [1, 0, 2, 3]), [channels, elementCount(images.dims) / channels]);
}

/** The inverse of `channelsFirst`. */
function batchFirst(builder: GraphBuilder, matrix: Tensor, dims: Shape): Tensor {
  const [batch, channels, height, width] = dims as [number, number, number, number];
  return transpose(builder, reshape(builder, matrix, [channels, batch, height, width]), [1, 0, 2, 3]);
}

function asMatrix(builder: GraphBuilder, weight: Tensor): Tensor {
  return reshape(builder, weight, [weight.dims[0]!, weight.dims[1]!]);
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

/** Puts the gradients of strided pixels back among zeros. */
function spreadPixels(builder: GraphBuilder, pixels: Tensor, geometry: Geometry): Tensor {
  const { batch, inputChannels, outputSize, inputSize, stride } = geometry;
  if (stride === 1) return pixels;
  const [height, width] = outputSize;
  const cells = reshape(builder, pixels, [batch, inputChannels, height, 1, width, 1]);
  const spread = pad(builder, cells, [0, 0, 0, 0, 0, 0], [0, 0, 0, stride - 1, 0, stride - 1]);
  const grid = reshape(builder, spread, [batch, inputChannels, height * stride, width * stride]);
  return pad(builder, grid, [0, 0, 0, 0], [0, 0, inputSize[0] - height * stride, inputSize[1] - width * stride]);
}

export function pointwiseInSingleProduct(
  builder: GraphBuilder,
  input: Tensor,
  weight: Tensor,
  geometry: Geometry,
): Tensor {
  const pixels = channelsFirst(builder, everyStridedPixel(builder, input, geometry));
  return batchFirst(builder, product(builder, asMatrix(builder, weight), pixels), outputDims(geometry));
}

export function inputGradientPerImage(
  builder: GraphBuilder,
  outputGradient: Tensor,
  weight: Tensor,
  geometry: Geometry,
): Tensor {
  const pixels = flattenPixels(builder, outputGradient);
  const gradient = product(builder, asMatrix(builder, weight), pixels, { transposeA: true });
  const [batch, channels] = inputDims(geometry) as [number, number];
  return spreadPixels(builder, reshape(builder, gradient, [batch, channels, ...geometry.outputSize]), geometry);
}

export function inputGradientInSingleProduct(
  builder: GraphBuilder,
  outputGradient: Tensor,
  weight: Tensor,
  geometry: Geometry,
): Tensor {
  const pixels = channelsFirst(builder, outputGradient);
  const gradient = product(builder, asMatrix(builder, weight), pixels, { transposeA: true });
  const [batch, channels] = inputDims(geometry) as [number, number];
  return spreadPixels(builder, batchFirst(builder, gradient, [batch, channels, ...geometry.outputSize]), geometry);
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
  const pixels = channelsFirst(builder, everyStridedPixel(builder, input, geometry));
  const gradient = product(builder, channelsFirst(builder, outputGradient), pixels, { transposeB: true });
  return asWeight(builder, gradient, geometry);
}

function asWeight(builder: GraphBuilder, matrix: Tensor, { outputChannels, inputChannels }: Geometry): Tensor {
  return reshape(builder, matrix, [outputChannels, inputChannels, 1, 1]);
}

/** Whether a product per image, and the sum of its [Co, Ci] results, moves less memory than transposing. */
export function weightGradientFitsPerImage(geometry: Geometry): boolean {
  const { outputChannels, inputChannels } = geometry;
  return outputChannels * inputChannels <= (outputChannels + inputChannels) * outputPixels(geometry);
}
