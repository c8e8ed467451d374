import type { GraphBuilder, Tensor } from '../builder.js';
import { elementCount, type Shape, sameShape, showShape } from '../shape.js';

export function reshape(builder: GraphBuilder, a: Tensor, dims: Shape): Tensor {
  if (sameShape(a.dims, dims)) return a;
  if (elementCount(a.dims) !== elementCount(dims)) {
    throw new RangeError(`${a.name} of shape ${showShape(a.dims)} cannot become ${showShape(dims)}`);
  }
  return builder.emitOne('Reshape', [a, builder.integers(dims)], dims);
}

/** Axis i of the result is axis permutation[i] of `a`. */
export function transpose(builder: GraphBuilder, a: Tensor, permutation: readonly number[]): Tensor {
  const dims = permutation.map((axis) => a.dims[axis]!);
  return builder.emitOne('Transpose', [a], dims, { perm: { ints: permutation } });
}

export function inversePermutation(permutation: readonly number[]): number[] {
  const inverse: number[] = [];
  permutation.forEach((axis, index) => {
    inverse[axis] = index;
  });
  return inverse;
}

export function expand(builder: GraphBuilder, a: Tensor, dims: Shape): Tensor {
  return sameShape(a.dims, dims) ? a : builder.emitOne('Expand', [a, builder.integers(dims)], dims);
}

export interface SliceRange {
  axis: number;
  start: number;
  /** Elements taken. */
  length: number;
  step?: number;
}

export function slice(builder: GraphBuilder, a: Tensor, ranges: readonly SliceRange[]): Tensor {
  const dims = [...a.dims];
  for (const { axis, length } of ranges) dims[axis] = length;
  const column = (of: (range: SliceRange) => number) => builder.integers(ranges.map(of));
  const starts = column((range) => range.start);
  const ends = column((range) => range.start + (range.length - 1) * (range.step ?? 1) + 1);
  const axes = column((range) => range.axis);
  const steps = column((range) => range.step ?? 1);
  return builder.emitOne('Slice', [a, starts, ends, axes, steps], dims);
}

export function concatenate(builder: GraphBuilder, parts: readonly Tensor[], axis: number): Tensor {
  const [first, ...others] = parts;
  if (!first) throw new RangeError('nothing to concatenate');
  const dims = [...first.dims];
  dims[axis] = parts.reduce((sum, part) => sum + part.dims[axis]!, 0);
  return builder.emitOne('Concat', [first, ...others], dims, { axis: { int: axis } });
}

/** The slices of `a` along `axis` at the positions `indices`, in that order. */
export function gather(builder: GraphBuilder, a: Tensor, indices: readonly number[], axis: number): Tensor {
  const dims = a.dims.map((extent, index) => (index === axis ? indices.length : extent));
  return builder.emitOne('Gather', [a, builder.integers(indices)], dims, { axis: { int: axis } });
}

/** Pads with `value` (0 unless given); before and after have one entry per axis and may be negative (cropping). */
export function pad(
  builder: GraphBuilder,
  a: Tensor,
  before: readonly number[],
  after: readonly number[],
  value?: number,
): Tensor {
  const pads = [...before, ...after];
  if (pads.every((count) => count === 0)) return a;
  const dims = a.dims.map((extent, axis) => extent + before[axis]! + after[axis]!);
  const fill = value === undefined ? null : builder.scalar(value);
  return builder.emitOne('Pad', [a, builder.integers(pads), fill], dims);
}

/** float32 zeros: what ConstantOfShape gives unless told otherwise. */
export function zeros(builder: GraphBuilder, dims: Shape): Tensor {
  return builder.emitOne('ConstantOfShape', [builder.integers(dims)], dims, {}, { type: 'float32' });
}
