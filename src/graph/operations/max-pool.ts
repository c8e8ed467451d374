import type { Tape } from '../autodiff/tape.js';
import type { GraphBuilder, Tensor } from '../builder.js';
import { reshape, zeros } from '../primitives/layout.js';
import { elementCount } from '../shape.js';

export interface PoolOptions {
  kernel: number;
  stride: number;
  padding: number;
}

/** Maximum over square windows of [N, C, H, W]. kernel^2 FLOPs (comparisons) per element of the output. */
export function maxPool(tape: Tape, x: Tensor, options: PoolOptions): Tensor {
  const { builder } = tape;
  const { kernel, stride, padding } = options;
  const [batch, channels, height, width] = x.dims as [number, number, number, number];
  const along = (extent: number) => Math.floor((extent + 2 * padding - kernel) / stride) + 1;
  const dims = [batch, channels, along(height), along(width)];
  const [output, indices] = builder.emit(
    'MaxPool',
    [x],
    [
      { type: x.type, dims },
      { type: 'int64', dims },
    ],
    {
      kernel_shape: { ints: [kernel, kernel] },
      strides: { ints: [stride, stride] },
      pads: { ints: [padding, padding, padding, padding] },
    },
  ) as [Tensor, Tensor];
  return tape.record({
    kind: 'pooling',
    inputs: [x],
    output,
    flops: kernel ** 2 * elementCount(dims),
    gradient: (g) => [() => scatterToMaxima(builder, g, indices, x)],
  });
}

/** Adds each window's gradient at the flat index where its maximum was. */
function scatterToMaxima(builder: GraphBuilder, g: Tensor, indices: Tensor, x: Tensor): Tensor {
  const count = elementCount(x.dims);
  const windows = [elementCount(g.dims)];
  const scattered = builder.emitOne(
    'ScatterElements',
    [zeros(builder, [count]), reshape(builder, indices, windows), reshape(builder, g, windows)],
    [count],
    { axis: { int: 0 }, reduction: { text: 'add' } },
  );
  return reshape(builder, scattered, x.dims);
}
