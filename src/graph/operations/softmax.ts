import type { Tape } from '../autodiff/tape.js';
import type { Tensor } from '../builder.js';
import { multiply, subtract } from '../primitives/elementwise.js';
import { reduceSum } from '../primitives/reduce.js';
import { elementCount } from '../shape.js';

/** exp(x) over its sum along the last axis. Five FLOPs per element. */
export function softmax(tape: Tape, x: Tensor): Tensor {
  const { builder } = tape;
  const last = x.dims.length - 1;
  const output = builder.emitOne('Softmax', [x], x.dims, { axis: { int: -1 } });
  return tape.record({
    kind: 'elementwise',
    inputs: [x],
    output,
    flops: 5 * elementCount(x.dims),
    gradient: (g) => [
      () => {
        const weighted = multiply(builder, g, output);
        const total = reduceSum(builder, weighted, [last], true);
        return subtract(builder, weighted, multiply(builder, output, total));
      },
    ],
  });
}
