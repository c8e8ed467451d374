import type { GraphBuilder, Tensor } from '../../builder.js';
import { reshape, transpose } from '../../primitives/layout.js';
import { range } from '../../shape.js';
import { convolutionAttributes, type Geometry, inputDims, kernelElements } from './geometry.js';

/** Stride 1: the convolution of the output's gradient with flipped weights, input and output channels exchanged. */
export function flippedConvolution(
  builder: GraphBuilder,
  outputGradient: Tensor,
  weight: Tensor,
  geometry: Geometry,
): Tensor {
  const { kernel, padding } = geometry;
  const [top, left] = [kernel[0] - 1 - padding, kernel[1] - 1 - padding];
  const attributes = {
    ...convolutionAttributes(geometry),
    pads: { ints: [top, left, top, left] },
  };
  const flipped = flipAndExchange(builder, weight, geometry);
  return builder.emitOne('Conv', [outputGradient, flipped], inputDims(geometry), attributes);
}

/**
 * [Co, Ci, kh, kw] -> [Ci, Co, kh, kw], both kernel axes reversed. By way of [Ci, kh * kw, Co], since reversing whole
 * rows and transposing matrices is five times faster than moving single elements.
 */
function flipAndExchange(builder: GraphBuilder, weight: Tensor, geometry: Geometry): Tensor {
  const { inputChannels, outputChannels, kernel } = geometry;
  const elements = kernelElements(geometry);
  const matrix = reshape(builder, weight, [outputChannels, inputChannels * elements]);
  const rows = reshape(builder, transpose(builder, matrix, [1, 0]), [inputChannels, elements, outputChannels]);
  const reversal = builder.integers(range(0, elements).reverse());
  const reversed = elements === 1 ? rows : builder.emitOne('Gather', [rows, reversal], rows.dims, { axis: { int: 1 } });
  return reshape(builder, transpose(builder, reversed, [0, 2, 1]), [inputChannels, outputChannels, ...kernel]);
}

/** Any stride and groups: the transposed convolution; output_padding restores the rows that the stride left over. */
export function transposedConvolution(
  builder: GraphBuilder,
  outputGradient: Tensor,
  weight: Tensor,
  geometry: Geometry,
): Tensor {
  const { inputSize, outputSize, kernel, stride, padding } = geometry;
  const leftOver = (axis: 0 | 1) => inputSize[axis] - ((outputSize[axis] - 1) * stride - 2 * padding + kernel[axis]);
  const attributes = {
    ...convolutionAttributes(geometry),
    output_padding: { ints: [leftOver(0), leftOver(1)] },
  };
  return builder.emitOne('ConvTranspose', [outputGradient, weight], inputDims(geometry), attributes);
}
