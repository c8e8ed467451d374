import type { GraphBuilder, Tensor } from '../builder.js';
import { add, multiply } from './elementwise.js';
import { reshape } from './layout.js';

/**
 * keep * a + factor * b for two rows [1, n], float32; `factor` is a number or a scalar. On the CPU it is one Gemm, the
 * factor as a 1 x 1 matrix times b on top of a: as fast as the elementwise operators, without their intermediate results,
 * each of which would be as large as the row.
 */
export function weightedSum(
  builder: GraphBuilder,
  a: Tensor,
  keep: number,
  b: Tensor,
  factor: number | Tensor,
): Tensor {
  if (builder.provider === 'cpu') {
    const matrix = typeof factor === 'number' ? builder.floats([factor], [1, 1]) : reshape(builder, factor, [1, 1]);
    return builder.emitOne('Gemm', [matrix, b, a], a.dims, { beta: { float: keep } });
  }
  const scaled = (x: Tensor, by: number | Tensor) => (by === 1 ? x : multiply(builder, x, by));
  return add(builder, scaled(a, keep), scaled(b, factor));
}
