import type { GraphBuilder, Tensor } from '../builder.js';
import { reshape } from '../primitives/layout.js';
import { reduceSum } from '../primitives/reduce.js';
import type { Shape } from '../shape.js';

/** Sums a gradient over the axes along which an operand of shape `dims` was broadcast. */
export function unbroadcast(builder: GraphBuilder, gradient: Tensor, dims: Shape): Tensor {
  const added = gradient.dims.length - dims.length;
  const axes = gradient.dims.flatMap((extent, axis) =>
    axis < added || (dims[axis - added] === 1 && extent !== 1) ? [axis] : [],
  );
  if (axes.length === 0) return gradient;
  return reshape(builder, reduceSum(builder, gradient, axes), dims);
}
