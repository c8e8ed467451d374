import type { Tape } from '../autodiff/tape.js';
import type { Tensor } from '../builder.js';
import { reshape } from '../primitives/layout.js';
import { gemmWithBias, product } from '../primitives/product.js';
import { reduceSum } from '../primitives/reduce.js';
import { elementCount } from '../shape.js';

/**
 * x [..., in] times the transpose of weight [out, in], plus bias [out]: PyTorch's convention. All rows go through one
 * Gemm. 2 * in * out FLOPs per row.
 */
export function linear(tape: Tape, x: Tensor, weight: Tensor, bias: Tensor): Tensor {
  const { builder } = tape;
  const [outputs, inputs] = weight.dims as [number, number];
  const rows = elementCount(x.dims) / inputs;
  const flatX = reshape(builder, tape.inComputeType(x), [rows, inputs]);
  const matrix = tape.inComputeType(weight);
  const flatY = gemmWithBias(builder, flatX, matrix, tape.inComputeType(bias), { transposeB: true });
  return tape.record({
    kind: 'linear',
    inputs: [x, weight, bias],
    output: reshape(builder, flatY, [...x.dims.slice(0, -1), outputs]),
    flops: 2 * rows * inputs * outputs,
    gradient: (g) => {
      const flatG = reshape(builder, g, [rows, outputs]);
      return [
        () => reshape(builder, product(builder, flatG, matrix), x.dims),
        () => product(builder, flatG, flatX, { transposeA: true }),
        () => reduceSum(builder, flatG, [0]),
      ];
    },
  });
}
