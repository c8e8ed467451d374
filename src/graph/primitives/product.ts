import type { GraphBuilder, Tensor } from '../builder.js';
import { broadcastShape, showShape } from '../shape.js';

export interface ProductOptions {
  /** Swap the last two axes of the operand. */
  transposeA?: boolean;
  transposeB?: boolean;
  /** Factor of the whole product. */
  scale?: number;
}

/**
 * scale * A x B over the last two axes, leading axes broadcast. Two matrices take Gemm; batches take MatMul, or
 * FusedMatMul where an operand is transposed or scaled.
 */
export function product(builder: GraphBuilder, a: Tensor, b: Tensor, options: ProductOptions = {}): Tensor {
  const { transposeA = false, transposeB = false, scale = 1 } = options;
  const [rows, inner] = lastTwo(a, transposeA);
  const [innerOfB, columns] = lastTwo(b, transposeB);
  if (inner !== innerOfB) {
    throw new RangeError(`product of ${showShape(a.dims)} and ${showShape(b.dims)}: inner extents differ`);
  }
  const dims = [...broadcastShape(a.dims.slice(0, -2), b.dims.slice(0, -2)), rows, columns];
  const flags = { transA: { int: Number(transposeA) }, transB: { int: Number(transposeB) } };

  if (a.dims.length === 2 && b.dims.length === 2) {
    return builder.emitOne('Gemm', [a, b], dims, { ...flags, alpha: { float: scale } });
  }
  if (!transposeA && !transposeB && scale === 1) return builder.emitOne('MatMul', [a, b], dims);
  const attributes = { ...flags, alpha: { float: scale } };
  return builder.emitOne('FusedMatMul', [a, b], dims, attributes, { domain: 'com.microsoft' });
}

/** A x B + bias for matrices; the bias has one element per column. */
export function gemmWithBias(
  builder: GraphBuilder,
  a: Tensor,
  b: Tensor,
  bias: Tensor,
  options: { transposeB?: boolean } = {},
): Tensor {
  const columns = lastTwo(b, options.transposeB ?? false)[1];
  return builder.emitOne('Gemm', [a, b, bias], [a.dims[0]!, columns], {
    transB: { int: Number(options.transposeB ?? false) },
  });
}

function lastTwo(tensor: Tensor, transposed: boolean): [number, number] {
  const [rows, columns] = tensor.dims.slice(-2) as [number, number];
  return transposed ? [columns, rows] : [rows, columns];
}
