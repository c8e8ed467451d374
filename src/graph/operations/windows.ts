import type { GraphBuilder, Tensor } from '../builder.js';
import { add } from '../primitives/elementwise.js';
import { pad, slice } from '../primitives/layout.js';
import { range } from '../shape.js';
import { spreadPixels } from './spread.js';

type Size = readonly [height: number, width: number];

/** How windows of `kernel` pixels slide over images [A, B, height, width]. */
export interface WindowGeometry {
  inputSize: Size;
  outputSize: Size;
  kernel: Size;
  /** Along both axes. */
  stride: number;
  /** On each side. */
  padding: number;
}

/** Windows that fit along an axis of `extent` pixels. */
export function windowCount(extent: number, kernel: number, stride: number, padding: number): number {
  return Math.floor((extent + 2 * padding - kernel) / stride) + 1;
}

/** The places in a window, row by row. */
function offsetsIn({ kernel }: WindowGeometry): Size[] {
  return range(0, kernel[0]).flatMap((row) => range(0, kernel[1]).map((column): Size => [row, column]));
}

/** For each place in the window, what it sees in each of them: [A, B, output height, output width]. */
export function windowViews(
  builder: GraphBuilder,
  images: Tensor,
  geometry: WindowGeometry,
  paddingValue?: number,
): Tensor[] {
  const { outputSize, padding, stride } = geometry;
  const border = [0, 0, padding, padding];
  const padded = pad(builder, images, border, border, paddingValue);
  return offsetsIn(geometry).map((offset) =>
    slice(
      builder,
      padded,
      outputSize.map((length, index) => ({ axis: 2 + index, start: offset[index]!, length, step: stride })),
    ),
  );
}

/** The transpose of `windowViews`: each place's values go back to the pixels that it saw, and are summed. */
export function sumOfViews(builder: GraphBuilder, views: readonly Tensor[], geometry: WindowGeometry): Tensor {
  const { inputSize, outputSize, padding, stride } = geometry;
  const offsets = offsetsIn(geometry);
  const placed = views.map((view, index) => {
    const [row, column] = offsets[index]!;
    const before = [row - padding, column - padding] as const;
    const after = (axis: 0 | 1) => inputSize[axis] - before[axis] - outputSize[axis] * stride;
    return pad(builder, spreadPixels(builder, view, stride), [0, 0, ...before], [0, 0, after(0), after(1)]);
  });
  return placed.reduce((total, part) => add(builder, total, part));
}
