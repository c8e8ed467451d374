import type { GraphBuilder, Tensor } from '../../builder.js';
import { concatenate, reshape, slice, transpose } from '../../primitives/layout.js';
import { product } from '../../primitives/product.js';
import { range } from '../../shape.js';
import { sumOfViews, windowViews } from '../windows.js';
import { channelRows, imagesOfChannelRows } from './channels-first.js';
import { type Geometry, kernelElements, outputDims, outputPixels } from './geometry.js';

/**
 * One group, any kernel and stride, as single products over the whole batch: the input's columns (im2col, Chellapilla et
 * al. 2006) hold for each channel and kernel offset, row by row, what the offset sees at each output pixel:
 * [Ci * offsets, N * pixels]. Output and weight gradient share them. Pays where images have few pixels and the weights
 * outweigh the activations.
 */
function inputColumns(builder: GraphBuilder, input: Tensor, geometry: Geometry): Tensor {
  const { batch, inputChannels } = geometry;
  const columns = batch * outputPixels(geometry);
  const channelsFirst = transpose(builder, input, [1, 0, 2, 3]);
  const views = windowViews(builder, channelsFirst, geometry).map((view) =>
    reshape(builder, view, [inputChannels, 1, columns]),
  );
  return reshape(builder, concatenate(builder, views, 1), [inputChannels * views.length, columns]);
}

function asMatrix(builder: GraphBuilder, weight: Tensor, geometry: Geometry): Tensor {
  const { outputChannels, inputChannels } = geometry;
  return reshape(builder, weight, [outputChannels, inputChannels * kernelElements(geometry)]);
}

export function outputFromColumns(builder: GraphBuilder, input: Tensor, weight: Tensor, geometry: Geometry): Tensor {
  const rows = product(builder, asMatrix(builder, weight, geometry), inputColumns(builder, input, geometry));
  return imagesOfChannelRows(builder, rows, outputDims(geometry));
}

export function weightGradientFromColumns(
  builder: GraphBuilder,
  outputGradient: Tensor,
  input: Tensor,
  geometry: Geometry,
): Tensor {
  const { outputChannels, inputChannels, kernel } = geometry;
  const columns = inputColumns(builder, input, geometry);
  const gradient = product(builder, channelRows(builder, outputGradient), columns, { transposeB: true });
  return reshape(builder, gradient, [outputChannels, inputChannels, ...kernel]);
}

/** The columns' gradient, each offset's part put back where the offset saw it, and summed. */
export function inputGradientFromColumns(
  builder: GraphBuilder,
  outputGradient: Tensor,
  weight: Tensor,
  geometry: Geometry,
): Tensor {
  const { batch, inputChannels, outputSize } = geometry;
  const offsets = kernelElements(geometry);
  const gradientRows = channelRows(builder, outputGradient);
  const columns = product(builder, asMatrix(builder, weight, geometry), gradientRows, { transposeA: true });
  const byOffset = reshape(builder, columns, [inputChannels, offsets, batch * outputPixels(geometry)]);
  const views = range(0, offsets).map((offset) => {
    const part = slice(builder, byOffset, [{ axis: 1, start: offset, length: 1 }]);
    return reshape(builder, part, [inputChannels, batch, ...outputSize]);
  });
  return transpose(builder, sumOfViews(builder, views, geometry), [1, 0, 2, 3]);
}
