import type { Tape } from '../autodiff/tape.js';
import type { Tensor } from '../builder.js';
import { multiply } from '../primitives/elementwise.js';
import { beforeSwap, pad } from '../primitives/layout.js';
import { elementCount } from '../shape.js';
import { copyPixels } from './spread.js';
import { windowCount } from './windows.js';

/**
 * Means of the size x size cells of [N, C, H, W]: [N, C, floor(H / size), floor(W / size)]; rows and columns that do not
 * fill a cell are left out. size^2 FLOPs per element of the output.
 */
export function averagePool(tape: Tape, x: Tensor, size: number): Tensor {
  const { builder } = tape;
  const [height, width] = x.dims.slice(2) as [number, number];
  const [rows, columns] = [windowCount(height, size, size, 0), windowCount(width, size, size, 0)];
  const attributes = { kernel_shape: { ints: [size, size] }, strides: { ints: [size, size] } };
  const output = beforeSwap(builder, [x], (images) =>
    builder.emitOne('AveragePool', [images!], [images!.dims[0]!, images!.dims[1]!, rows, columns], attributes),
  );
  return tape.record({
    kind: 'pooling',
    inputs: [x],
    output,
    flops: size ** 2 * elementCount(output.dims),
    gradient: (g) => [
      () => {
        const shares = copyPixels(builder, multiply(builder, g, 1 / size ** 2), size);
        return pad(builder, shares, [0, 0, 0, 0], [0, 0, height - rows * size, width - columns * size]);
      },
    ],
  });
}
