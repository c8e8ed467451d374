import type { Tensor } from './builder.js';
import type { ElementType } from './onnx/types.js';
import { elementCount } from './shape.js';

const bytesPerElement: Readonly<Record<ElementType, number>> = { float32: 4, float16: 2, int64: 8, bool: 1 };

/** Bytes of a tensor in its element type. */
export function tensorBytes({ type, dims }: Pick<Tensor, 'type' | 'dims'>): number {
  return bytesPerElement[type] * elementCount(dims);
}

/**
 * Compulsory memory traffic of an operation (Williams, Waterman and Patterson 2009): what must move however large the
 * cache is. Each input is read once, one that comes twice too, and the output is written once.
 */
export function compulsoryBytes(inputs: readonly Tensor[], output: Tensor): number {
  return distinctBytes(inputs) + tensorBytes(output);
}

/** Bytes of tensors, each once. */
export function distinctBytes(tensors: readonly Tensor[]): number {
  const distinct = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  return [...distinct.values()].reduce((sum, tensor) => sum + tensorBytes(tensor), 0);
}
