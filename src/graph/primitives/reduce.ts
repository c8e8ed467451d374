import type { GraphBuilder, Tensor } from '../builder.js';
import { castToFloat } from './elementwise.js';

/**
 * Sums and means are float32, whatever `a` is: one over a batch overflows float16 (65,504) and loses what is smaller than
 * 1/2048 of it, and not every provider adds float16 up in wider registers.
 */

function reducedDims(dims: readonly number[], axes: readonly number[], keepDims: boolean): number[] {
  return keepDims
    ? dims.map((extent, axis) => (axes.includes(axis) ? 1 : extent))
    : dims.filter((_, axis) => !axes.includes(axis));
}

const keepDimsAttribute = (keepDims: boolean) => ({ keepdims: { int: keepDims ? 1 : 0 } });

/** Sum over `axes`; they are kept with extent 1 only if `keepDims`. */
export function reduceSum(builder: GraphBuilder, a: Tensor, axes: readonly number[], keepDims = false): Tensor {
  const dims = reducedDims(a.dims, axes, keepDims);
  return builder.emitOne(
    'ReduceSum',
    [castToFloat(builder, a), builder.integers(axes)],
    dims,
    keepDimsAttribute(keepDims),
  );
}

/** Mean over `axes`; they are kept with extent 1 only if `keepDims`. In opset 17 its axes are still an attribute. */
export function reduceMean(builder: GraphBuilder, a: Tensor, axes: readonly number[], keepDims = false): Tensor {
  const dims = reducedDims(a.dims, axes, keepDims);
  const attributes = { axes: { ints: axes }, ...keepDimsAttribute(keepDims) };
  return builder.emitOne('ReduceMean', [castToFloat(builder, a)], dims, attributes);
}

/** Sum of all absolute values, a float32 scalar. */
export function sumOfMagnitudes(builder: GraphBuilder, a: Tensor): Tensor {
  return builder.emitOne('ReduceL1', [castToFloat(builder, a)], [], keepDimsAttribute(false));
}

/** Maximum over `axes`; they are kept with extent 1 only if `keepDims`. In opset 17 its axes are still an attribute. */
export function reduceMax(builder: GraphBuilder, a: Tensor, axes: readonly number[], keepDims = false): Tensor {
  const dims = reducedDims(a.dims, axes, keepDims);
  return builder.emitOne('ReduceMax', [a], dims, { axes: { ints: axes }, ...keepDimsAttribute(keepDims) });
}
