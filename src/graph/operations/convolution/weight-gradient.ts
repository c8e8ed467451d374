import type { GraphBuilder, Tensor } from '../../builder.js';
import type { FloatType } from '../../onnx/types.js';
import { multiply } from '../../primitives/elementwise.js';
import { concatenate, reshape, slice, transpose } from '../../primitives/layout.js';
import { product } from '../../primitives/product.js';
import { reduceSum } from '../../primitives/reduce.js';
import { windowViews } from '../windows.js';
import { channelRows } from './channels-first.js';
import { convolutionAttributes, type Geometry, kernelElements, outputPixels } from './geometry.js';

/**
 * The weight's gradient is, for each kernel offset, the product over pixels and batch of the output's gradient with
 * the input seen through that offset. (A convolution with exchanged roles would do too, and is three times slower.)
 */

/** Kernel = stride without padding: every pixel belongs to one patch, so a transposition makes the columns. */
export function fromPatches(builder: GraphBuilder, outputGradient: Tensor, input: Tensor, geometry: Geometry): Tensor {
  const { batch, inputChannels, outputChannels, kernel, outputSize } = geometry;
  const [rows, columns] = outputSize;
  const cells = reshape(builder, input, [batch, inputChannels, rows, kernel[0], columns, kernel[1]]);
  const patches = reshape(builder, transpose(builder, cells, [0, 2, 4, 1, 3, 5]), [
    batch * rows * columns,
    inputChannels * kernelElements(geometry),
  ]);
  const gradients = reshape(builder, transpose(builder, outputGradient, [0, 2, 3, 1]), [
    batch * rows * columns,
    outputChannels,
  ]);
  const gradient = product(builder, gradients, patches, { transposeA: true });
  return reshape(builder, gradient, [outputChannels, inputChannels, ...kernel]);
}

/**
 * Any stride and groups: a grouped convolution with constant one-hot kernels copies each offset's view of a channel
 * into a channel of its own (im2col), then a product per image and group.
 */
export function fromOneHotColumns(
  builder: GraphBuilder,
  outputGradient: Tensor,
  input: Tensor,
  geometry: Geometry,
): Tensor {
  const { batch, inputChannels, outputChannels, groups, kernel } = geometry;
  const offsets = kernelElements(geometry);
  const copies = copiesOfChannel(builder, geometry);
  const pixels = outputPixels(geometry);
  const perGroup = inputChannels / groups;
  const columns = builder.emitOne(
    'Conv',
    [input, oneHotKernels(builder, geometry, copies, input.type as FloatType)],
    [batch, inputChannels * copies, ...geometry.outputSize],
    convolutionAttributes({ ...geometry, groups: inputChannels }),
  );
  const groupColumns = reshape(builder, columns, [batch, groups, perGroup * copies, pixels]);
  const groupGradients = reshape(builder, outputGradient, [batch, groups, outputChannels / groups, pixels]);
  const sum = productOverPixels(builder, groupGradients, groupColumns);
  const dims = [outputChannels, perGroup, ...kernel];
  if (copies === offsets) return reshape(builder, sum, dims);
  const ofCopies = reshape(builder, sum, [outputChannels, perGroup, copies]);
  return reshape(builder, slice(builder, ofCopies, [{ axis: 2, start: 0, length: offsets }]), dims);
}

/** [N, groups, A, pixels] times [N, groups, B, pixels], summed over pixels and images: [groups, A, B]. */
function productOverPixels(builder: GraphBuilder, a: Tensor, b: Tensor): Tensor {
  // The WebGPU provider's MatMul fills tiles of 32 x 32: a product of single rows would leave most of each empty.
  if (builder.provider === 'webgpu' && a.dims[2] === 1) return reduceSum(builder, multiply(builder, a, b), [0, 3]);
  return reduceSum(builder, product(builder, a, b, { transposeB: true }), [0]);
}

/**
 * The WebGPU provider's grouped Conv computes 4 output channels at once wherever all of them are a multiple of 4, even if
 * a group's are not, and then reads the neighbouring group's input: so there each channel gets copies of zeros, to fill up.
 */
function copiesOfChannel(builder: GraphBuilder, geometry: Geometry): number {
  const offsets = kernelElements(geometry);
  return builder.provider === 'webgpu' ? 4 * Math.ceil(offsets / 4) : offsets;
}

/** Kernel j of each channel picks the pixel at offset j, or nothing where there is no such offset: [Ci * copies, 1, kh, kw]. */
function oneHotKernels(builder: GraphBuilder, geometry: Geometry, copies: number, type: FloatType): Tensor {
  const { inputChannels, kernel } = geometry;
  const offsets = kernelElements(geometry);
  const values = new Float32Array(inputChannels * copies * offsets);
  for (let row = 0; row < inputChannels * copies; row++) {
    if (row % copies < offsets) values[row * offsets + (row % copies)] = 1;
  }
  return builder.floats(values, [inputChannels * copies, 1, ...kernel], type);
}

/** Stride 1, one group: a product per offset and image, images summed. */
export function fromOffsetsPerImage(
  builder: GraphBuilder,
  outputGradient: Tensor,
  input: Tensor,
  geometry: Geometry,
): Tensor {
  const { batch, inputChannels, outputChannels, kernel } = geometry;
  const pixels = outputPixels(geometry);
  const gradients = reshape(builder, outputGradient, [batch, outputChannels, pixels]);
  const perOffset = windowViews(builder, input, geometry).map((view) => {
    const perImage = product(builder, gradients, reshape(builder, view, [batch, inputChannels, pixels]), {
      transposeB: true,
    });
    return reshape(builder, reduceSum(builder, perImage, [0]), [outputChannels, inputChannels, 1]);
  });
  return reshape(builder, concatenate(builder, perOffset, 2), [outputChannels, inputChannels, ...kernel]);
}

/** Stride 1, one group: channels brought to the front, one product over all pixels of the batch per offset. */
export function fromOffsetsInSingleProducts(
  builder: GraphBuilder,
  outputGradient: Tensor,
  input: Tensor,
  geometry: Geometry,
): Tensor {
  const { batch, inputChannels, outputChannels, kernel } = geometry;
  const columns = batch * outputPixels(geometry);
  const gradients = channelRows(builder, outputGradient);
  const channelsFirst = transpose(builder, input, [1, 0, 2, 3]);
  const perOffset = windowViews(builder, channelsFirst, geometry).map((view) => {
    const gradient = product(builder, gradients, reshape(builder, view, [inputChannels, columns]), {
      transposeB: true,
    });
    return reshape(builder, gradient, [outputChannels, inputChannels, 1]);
  });
  return reshape(builder, concatenate(builder, perOffset, 2), [outputChannels, inputChannels, ...kernel]);
}
