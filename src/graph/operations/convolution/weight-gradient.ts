import type { GraphBuilder, Tensor } from '../../builder.js';
import type { FloatType } from '../../onnx/types.js';
import { concatenate, reshape, transpose } from '../../primitives/layout.js';
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
  const pixels = outputPixels(geometry);
  const columns = builder.emitOne(
    'Conv',
    [input, oneHotKernels(builder, geometry, input.type as FloatType)],
    [batch, inputChannels * offsets, ...geometry.outputSize],
    convolutionAttributes({ ...geometry, groups: inputChannels }),
  );
  const groupColumns = reshape(builder, columns, [batch, groups, (inputChannels / groups) * offsets, pixels]);
  const groupGradients = reshape(builder, outputGradient, [batch, groups, outputChannels / groups, pixels]);
  const perImage = product(builder, groupGradients, groupColumns, { transposeB: true });
  return reshape(builder, reduceSum(builder, perImage, [0]), [outputChannels, inputChannels / groups, ...kernel]);
}

/** Kernel j of each channel picks the pixel at offset j: [Ci * offsets, 1, kh, kw]. */
function oneHotKernels(builder: GraphBuilder, geometry: Geometry, type: FloatType): Tensor {
  const { inputChannels, kernel } = geometry;
  const offsets = kernelElements(geometry);
  const values = new Float32Array(inputChannels * offsets * offsets);
  for (let row = 0; row < inputChannels * offsets; row++) values[row * offsets + (row % offsets)] = 1;
  return builder.floats(values, [inputChannels * offsets, 1, ...kernel], type);
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
