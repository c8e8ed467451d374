import type { GraphBuilder, Tensor } from '../builder.js';

/** Reductions over `axes`; the axes are kept with extent 1 only if `keepDims`. */
function reduction(operator: string) {
  return (builder: GraphBuilder, a: Tensor, axes: readonly number[], keepDims = false): Tensor => {
    const dims = keepDims
      ? a.dims.map((extent, axis) => (axes.includes(axis) ? 1 : extent))
      : a.dims.filter((_, axis) => !axes.includes(axis));
    return builder.emitOne(operator, [a, builder.integers(axes)], dims, { keepdims: { int: keepDims ? 1 : 0 } });
  };
}

export const reduceSum = reduction('ReduceSum');
export const reduceMean = reduction('ReduceMean');
