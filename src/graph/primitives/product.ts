import type { GraphBuilder, Tensor } from '../builder.js';
import { broadcastShape, range, showShape } from '../shape.js';
import { multiply } from './elementwise.js';
import { transpose } from './layout.js';

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
  // FusedMatMul has no kernel in the WebGPU provider and would run on the CPU.
  if (builder.provider === 'webgpu') {
    const matrices = (batch: Tensor, isTransposed: boolean) => (isTransposed ? swapLastTwo(builder, batch) : batch);
    const unscaled = builder.emitOne('MatMul', [matrices(a, transposeA), matrices(b, transposeB)], dims);
    return scale === 1 ? unscaled : multiply(builder, unscaled, scale);
  }
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

function swapLastTwo(builder: GraphBuilder, batch: Tensor): Tensor {
  const last = batch.dims.length - 1;
  return transpose(builder, batch, [...range(0, last - 1), last, last - 1]);
}

function lastTwo(tensor: Tensor, transposed: boolean): [number, number] {
  const [rows, columns] = tensor.dims.slice(-2) as [number, number];
  return transposed ? [columns, rows] : [rows, columns];
}
