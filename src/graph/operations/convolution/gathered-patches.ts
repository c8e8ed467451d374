import type { GraphBuilder, Tensor } from '../../builder.js';
import { add } from '../../primitives/elementwise.js';
import { pad, reshape, transpose } from '../../primitives/layout.js';
import { product } from '../../primitives/product.js';
import { range } from '../../shape.js';
import { channelRows, imagesOfChannelRows } from './channels-first.js';
import { type Geometry, inputDims, kernelElements, outputDims } from './geometry.js';

/**
 * One group, as single products over the whole batch, with the patches [N * pixels, offsets * C] that the kernel sees
 * (im2col, Chellapilla et al. 2006): with the channels last a pixel is one row of memory, and a single Gather copies all
 * patches row by row. Slices of images with the channels first copy a few numbers at a time and take five times longer.
 */
function patches(builder: GraphBuilder, images: Tensor, geometry: Geometry): Tensor {
  const { inputSize, kernel, outputSize, padding, stride } = geometry;
  const [batch, channels] = images.dims as [number, number];
  const [height, width] = [inputSize[0] + 2 * padding, inputSize[1] + 2 * padding];
  const pixels = reshape(builder, transpose(builder, channelRows(builder, images), [1, 0]), [
    batch,
    ...inputSize,
    channels,
  ]);
  const border = [0, padding, padding, 0];
  const source = reshape(builder, pad(builder, pixels, border, border), [batch * height * width, channels]);

  const seen = range(0, outputSize[0]).flatMap((row) =>
    range(0, outputSize[1]).flatMap((column) =>
      range(0, kernel[0]).flatMap((y) =>
        range(0, kernel[1]).map((x) => (row * stride + y) * width + column * stride + x),
      ),
    ),
  );
  // The sum of two constants: the whole table would fill the file.
  const firstPixels = builder.integers(
    range(0, batch).map((image) => image * height * width),
    [batch, 1],
  );
  const indices = add(builder, firstPixels, builder.integers(seen, [1, seen.length]));
  // The weight's gradient gathers them again: kept since the forward pass they would be its largest tensors.
  const gathered = builder.anew(() =>
    builder.emitOne('Gather', [source, indices], [batch, seen.length, channels], { axis: { int: 0 } }),
  );
  const places = kernelElements(geometry);
  return reshape(builder, gathered, [(batch * seen.length) / places, places * channels]);
}

/** [Co, Ci, kh, kw] -> [Ci, offsets, Co]: transposing a matrix is several times faster than moving single elements. */
function outputsLast(builder: GraphBuilder, weight: Tensor, geometry: Geometry): Tensor {
  const { inputChannels, outputChannels } = geometry;
  const offsets = kernelElements(geometry);
  const matrix = reshape(builder, weight, [outputChannels, inputChannels * offsets]);
  return reshape(builder, transpose(builder, matrix, [1, 0]), [inputChannels, offsets, outputChannels]);
}

export function outputFromPatches(builder: GraphBuilder, input: Tensor, weight: Tensor, geometry: Geometry): Tensor {
  const { inputChannels, outputChannels } = geometry;
  const byOffset = transpose(builder, outputsLast(builder, weight, geometry), [1, 0, 2]);
  const matrix = reshape(builder, byOffset, [kernelElements(geometry) * inputChannels, outputChannels]);
  const rows = product(builder, matrix, patches(builder, input, geometry), { transposeA: true, transposeB: true });
  return imagesOfChannelRows(builder, rows, outputDims(geometry));
}

export function weightGradientFromPatches(
  builder: GraphBuilder,
  outputGradient: Tensor,
  input: Tensor,
  geometry: Geometry,
): Tensor {
  const { inputChannels, outputChannels, kernel } = geometry;
  const offsets = kernelElements(geometry);
  const gradient = product(builder, patches(builder, input, geometry), channelRows(builder, outputGradient), {
    transposeA: true,
    transposeB: true,
  });
  const byOffset = reshape(builder, gradient, [offsets, inputChannels, outputChannels]);
  const byChannel = reshape(builder, transpose(builder, byOffset, [1, 0, 2]), [
    inputChannels * offsets,
    outputChannels,
  ]);
  return reshape(builder, transpose(builder, byChannel, [1, 0]), [outputChannels, inputChannels, ...kernel]);
}

/** Stride 1: the convolution of the output's gradient with flipped weights, input and output channels exchanged. */
export function inputGradientFromPatches(
  builder: GraphBuilder,
  outputGradient: Tensor,
  weight: Tensor,
  geometry: Geometry,
): Tensor {
  const { inputChannels, outputChannels, inputSize, outputSize, kernel, padding } = geometry;
  if (kernel[0] !== kernel[1]) throw new RangeError('patches of the gradient need a square kernel');
  const offsets = kernelElements(geometry);
  const reversal = builder.integers(range(0, offsets).reverse());
  const channels = outputsLast(builder, weight, geometry);
  const flipped = builder.emitOne('Gather', [channels, reversal], channels.dims, { axis: { int: 1 } });
  const backwards = { ...geometry, inputSize: outputSize, outputSize: inputSize, padding: kernel[0] - 1 - padding };
  const rows = product(
    builder,
    reshape(builder, flipped, [inputChannels, offsets * outputChannels]),
    patches(builder, outputGradient, backwards),
    { transposeB: true },
  );
  return imagesOfChannelRows(builder, rows, inputDims(geometry));
}
