import type { GraphBuilder, Tensor } from '../builder.js';
import type { FloatType } from '../onnx/types.js';
import { elementCount, type Shape, sameShape, showShape } from '../shape.js';

export function reshape(builder: GraphBuilder, a: Tensor, dims: Shape): Tensor {
  if (sameShape(a.dims, dims)) return a;
  if (elementCount(a.dims) !== elementCount(dims)) {
    throw new RangeError(`${a.name} of shape ${showShape(a.dims)} cannot become ${showShape(dims)}`);
  }
  const definition = builder.definition(a);
  if (definition?.operator === 'Reshape') return reshape(builder, definition.inputs[0]!, dims);
  return builder.emitOne('Reshape', [a, builder.integers(dims)], dims);
}

/** Axis i of the result is axis permutation[i] of `a`. */
export function transpose(builder: GraphBuilder, a: Tensor, permutation: readonly number[]): Tensor {
  const earlier = permutationOf(builder, a);
  if (earlier) {
    const composed = permutation.map((axis) => earlier[axis]!);
    const [source] = builder.definition(a)!.inputs as [Tensor];
    return composed.every((axis, index) => axis === index) ? source : transpose(builder, source, composed);
  }
  const dims = permutation.map((axis) => a.dims[axis]!);
  return builder.emitOne('Transpose', [a], dims, { perm: { ints: permutation } });
}

/** What `a` was transposed by, if it is a transposition. */
function permutationOf(builder: GraphBuilder, a: Tensor): readonly number[] | null {
  const definition = builder.definition(a);
  const permutation = definition?.operator === 'Transpose' ? definition.attributes.perm : undefined;
  return permutation && 'ints' in permutation ? permutation.ints : null;
}

/** Images [N, C, H, W] with the channels first, [C, N, H, W], and back. */
export function swapImages(builder: GraphBuilder, images: Tensor): Tensor {
  return transpose(builder, images, [1, 0, 2, 3]);
}

/** Whether `a` is what `swapImages` made of another tensor, so that it costs nothing to have that one instead. */
export function isSwapped(builder: GraphBuilder, a: Tensor): boolean {
  return permutationOf(builder, a)?.join() === '1,0,2,3';
}

/**
 * Applies an operation that treats the first two axes alike to images with the channels first, where that is how they
 * were made; the swap moves behind it. Swaps that meet cancel, so a chain of operations runs without one.
 */
export function beforeSwap(
  builder: GraphBuilder,
  operands: readonly Tensor[],
  operation: (...operands: Tensor[]) => Tensor,
): Tensor {
  const movable = operands.every(({ dims }) => dims.length === 4 || dims.length <= 2);
  if (!movable || !operands.some((operand) => isSwapped(builder, operand))) return operation(...operands);
  return swapImages(
    builder,
    operation(...operands.map((operand) => (operand.dims.length === 4 ? swapImages(builder, operand) : operand))),
  );
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

const swappedAxis = (axis: number): number => [1, 0][axis] ?? axis;

export interface SliceRange {
  axis: number;
  start: number;
  /** Elements taken. */
  length: number;
  step?: number;
}

export function slice(builder: GraphBuilder, a: Tensor, ranges: readonly SliceRange[]): Tensor {
  if (isSwapped(builder, a)) {
    const moved = ranges.map((range) => ({ ...range, axis: swappedAxis(range.axis) }));
    return swapImages(builder, slice(builder, swapImages(builder, a), moved));
  }
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
  if (parts.some((part) => isSwapped(builder, part))) {
    const swapped = parts.map((part) => swapImages(builder, part));
    return swapImages(builder, emitConcat(builder, swapped, swappedAxis(axis)));
  }
  return emitConcat(builder, parts, axis);
}

function emitConcat(builder: GraphBuilder, parts: readonly Tensor[], axis: number): Tensor {
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
  if (isSwapped(builder, a)) {
    const moved = (counts: readonly number[]) => counts.map((_, axis) => counts[swappedAxis(axis)]!);
    return swapImages(builder, pad(builder, swapImages(builder, a), moved(before), moved(after), value));
  }
  const dims = a.dims.map((extent, axis) => extent + before[axis]! + after[axis]!);
  const fill = value === undefined ? null : builder.scalar(value, a.type as FloatType);
  return builder.emitOne('Pad', [a, builder.integers(pads), fill], dims);
}

/** float32 zeros: what ConstantOfShape gives unless told otherwise. */
export function zeros(builder: GraphBuilder, dims: Shape): Tensor {
  return builder.emitOne('ConstantOfShape', [builder.integers(dims)], dims, {}, { type: 'float32' });
}
