import type { GraphBuilder, Tensor } from '../../builder.js';
import { add } from '../../primitives/elementwise.js';
import { concatenate, pad, reshape, slice, transpose } from '../../primitives/layout.js';
import { product } from '../../primitives/product.js';
import { range } from '../../shape.js';
import { channelRows, imagesOfChannelRows } from './channels-first.js';
import { type Geometry, kernelElements, outputDims, outputPixels } from './geometry.js';
import { spreadPixels } from './spread.js';

/**
 * One group, any kernel and stride, as single products over the whole batch: the input's columns (im2col, Chellapilla et
 * al. 2006) hold for each channel and kernel offset, row by row, what the offset sees at each output pixel:
 * [Ci * offsets, N * pixels]. Output and weight gradient share them. Pays where images have few pixels and the weights
 * outweigh the activations.
 */
function inputColumns(builder: GraphBuilder, input: Tensor, geometry: Geometry): Tensor {
  const { batch, inputChannels, outputSize, padding, stride } = geometry;
  const columns = batch * outputPixels(geometry);
  const border = [0, 0, padding, padding];
  const padded = pad(builder, transpose(builder, input, [1, 0, 2, 3]), border, border);
  const views = kernelOffsets(geometry).map(([row, column]) => {
    const view = slice(builder, padded, [
      { axis: 2, start: row, length: outputSize[0], step: stride },
      { axis: 3, start: column, length: outputSize[1], step: stride },
    ]);
    return reshape(builder, view, [inputChannels, 1, columns]);
  });
  return reshape(builder, concatenate(builder, views, 1), [inputChannels * views.length, columns]);
}

function kernelOffsets({ kernel }: Geometry): [row: number, column: number][] {
  return range(0, kernel[0]).flatMap((row) => range(0, kernel[1]).map((column): [number, number] => [row, column]));
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
  const { batch, inputChannels, inputSize, outputSize, stride, padding } = geometry;
  const gradientRows = channelRows(builder, outputGradient);
  const columns = product(builder, asMatrix(builder, weight, geometry), gradientRows, { transposeA: true });
  const byOffset = reshape(builder, columns, [inputChannels, kernelElements(geometry), batch * outputPixels(geometry)]);
  const parts = kernelOffsets(geometry).map(([row, column], offset) => {
    const part = slice(builder, byOffset, [{ axis: 1, start: offset, length: 1 }]);
    const spread = spreadPixels(builder, reshape(builder, part, [inputChannels, batch, ...outputSize]), stride);
    const before = [row - padding, column - padding] as const;
    const after = (axis: 0 | 1) => inputSize[axis] - before[axis] - outputSize[axis] * stride;
    return pad(builder, spread, [0, 0, ...before], [0, 0, after(0), after(1)]);
  });
  const sum = parts.reduce((total, part) => add(builder, total, part));
  return transpose(builder, sum, [1, 0, 2, 3]);
}
