import type { GraphBuilder, Tensor } from '../builder.js';

function reducedDims(dims: readonly number[], axes: readonly number[], keepDims: boolean): number[] {
  return keepDims
    ? dims.map((extent, axis) => (axes.includes(axis) ? 1 : extent))
    : dims.filter((_, axis) => !axes.includes(axis));
}

const keepDimsAttribute = (keepDims: boolean) => ({ keepdims: { int: keepDims ? 1 : 0 } });

/** Sum over `axes`; they are kept with extent 1 only if `keepDims`. */
export function reduceSum(builder: GraphBuilder, a: Tensor, axes: readonly number[], keepDims = false): Tensor {
  const dims = reducedDims(a.dims, axes, keepDims);
  return builder.emitOne('ReduceSum', [a, builder.integers(axes)], dims, keepDimsAttribute(keepDims));
}

/** Mean over `axes`; they are kept with extent 1 only if `keepDims`. In opset 17 its axes are still an attribute. */
export function reduceMean(builder: GraphBuilder, a: Tensor, axes: readonly number[], keepDims = false): Tensor {
  const dims = reducedDims(a.dims, axes, keepDims);
  return builder.emitOne('ReduceMean', [a], dims, { axes: { ints: axes }, ...keepDimsAttribute(keepDims) });
}

/** Maximum over `axes`; they are kept with extent 1 only if `keepDims`. In opset 17 its axes are still an attribute. */
export function reduceMax(builder: GraphBuilder, a: Tensor, axes: readonly number[], keepDims = false): Tensor {
  const dims = reducedDims(a.dims, axes, keepDims);
  return builder.emitOne('ReduceMax', [a], dims, { axes: { ints: axes }, ...keepDimsAttribute(keepDims) });
}
