import type { Tape } from '../autodiff/tape.js';
import { unbroadcast } from '../autodiff/unbroadcast.js';
import type { Tensor } from '../builder.js';
import { product } from '../primitives/product.js';
import { elementCount } from '../shape.js';

export interface MatmulOptions {
  /** Multiply by the transpose of `b` (its last two axes swapped). */
  transposeB?: boolean;
  /** Factor of the whole product. */
  scale?: number;
}

/** scale * a x b over the last two axes; leading axes broadcast. 2 m n k FLOPs per product. */
export function matmul(tape: Tape, a: Tensor, b: Tensor, options: MatmulOptions = {}): Tensor {
  const { builder } = tape;
  const { transposeB = false, scale = 1 } = options;
  const [left, right] = [tape.inComputeType(a), tape.inComputeType(b)];
  const output = product(builder, left, right, { transposeB, scale });
  return tape.record({
    kind: 'product',
    inputs: [a, b],
    output,
    flops: 2 * elementCount(output.dims) * a.dims.at(-1)!,
    gradient: (g) => [
      () => unbroadcast(builder, product(builder, g, right, { transposeB: !transposeB, scale }), a.dims),
      () => {
        const gradient = transposeB
          ? product(builder, g, left, { transposeA: true, scale })
          : product(builder, left, g, { transposeA: true, scale });
        return unbroadcast(builder, gradient, b.dims);
      },
    ],
  });
}
