import type { Tape } from '../autodiff/tape.js';
import type { Attributes, GraphBuilder, Tensor } from '../builder.js';
import { castToFloat, equal, multiply, subtract } from '../primitives/elementwise.js';
import { isSwapped, reshape, swapImages, zeros } from '../primitives/layout.js';
import { elementCount } from '../shape.js';
import { sumOfViews, type WindowGeometry, windowCount, windowViews } from './windows.js';

export interface PoolOptions {
  kernel: number;
  stride: number;
  padding: number;
}

/**
 * Maximum over square windows of [N, C, H, W]. kernel^2 FLOPs (comparisons) per element of the output. Of equal maxima
 * the first in the window gets the gradient.
 */
export function maxPool(tape: Tape, x: Tensor, options: PoolOptions): Tensor {
  const { builder } = tape;
  const { kernel, stride, padding } = options;
  const swapped = isSwapped(builder, x);
  const swapIfSo = (images: Tensor) => (swapped ? swapImages(builder, images) : images);
  const images = swapIfSo(x);
  const [outer, inner, height, width] = images.dims as [number, number, number, number];
  const along = (extent: number) => windowCount(extent, kernel, stride, padding);
  const geometry: WindowGeometry = {
    inputSize: [height, width],
    outputSize: [along(height), along(width)],
    kernel: [kernel, kernel],
    stride,
    padding,
  };
  const dims = [outer, inner, ...geometry.outputSize];
  // The WebGPU provider's MaxPool has no output of indices.
  const pool = builder.provider === 'webgpu' ? poolForComparison : poolWithIndices;
  const { output, gradient } = pool(builder, images, dims, geometry);
  return tape.record({
    kind: 'pooling',
    inputs: [x],
    output: swapIfSo(output),
    flops: kernel ** 2 * elementCount(dims),
    gradient: (g) => [() => swapIfSo(gradient(swapIfSo(g)))],
  });
}

interface Pooled {
  output: Tensor;
  gradient: (outputGradient: Tensor) => Tensor;
}

/** The gradient adds each window's share at the flat index where its maximum was, in float32. */
function poolWithIndices(builder: GraphBuilder, x: Tensor, dims: number[], geometry: WindowGeometry): Pooled {
  const outputs = [
    { type: x.type, dims },
    { type: 'int64' as const, dims },
  ];
  const [output, indices] = builder.emit('MaxPool', [x], outputs, attributesOf(geometry)) as [Tensor, Tensor];
  return {
    output,
    gradient(g) {
      const count = elementCount(x.dims);
      const windows = [elementCount(g.dims)];
      const scattered = builder.emitOne(
        'ScatterElements',
        [
          zeros(builder, [count]),
          reshape(builder, indices, windows),
          reshape(builder, castToFloat(builder, g), windows),
        ],
        [count],
        { axis: { int: 0 }, reduction: { text: 'add' } },
      );
      return reshape(builder, scattered, x.dims);
    },
  };
}

/** The gradient compares what each place of the window sees with the maximum; the first equal one takes the share. */
function poolForComparison(builder: GraphBuilder, x: Tensor, dims: number[], geometry: WindowGeometry): Pooled {
  const lowest = x.type === 'float16' ? -65_504 : -3e38;
  const output = builder.emitOne('MaxPool', [x], dims, attributesOf(geometry));
  return {
    output,
    gradient(g) {
      let remaining = g;
      const shares = windowViews(builder, x, geometry, lowest).map((view) => {
        const share = multiply(builder, remaining, equal(builder, view, output));
        remaining = subtract(builder, remaining, share);
        return share;
      });
      return sumOfViews(builder, shares, geometry);
    },
  };
}

function attributesOf({ kernel, stride, padding }: WindowGeometry): Attributes {
  return {
    kernel_shape: { ints: kernel },
    strides: { ints: [stride, stride] },
    pads: { ints: [padding, padding, padding, padding] },
  };
}
