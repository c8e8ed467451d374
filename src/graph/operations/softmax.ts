import type { Tape } from '../autodiff/tape.js';
import type { Tensor } from '../builder.js';
import { castToFloat, multiply, subtract } from '../primitives/elementwise.js';
import { reduceSum } from '../primitives/reduce.js';
import { elementCount } from '../shape.js';

/**
 * exp(x) over its sum along the last axis. Five FLOPs per element. Probabilities and their gradient are float32 inside,
 * as in torch.autocast: small ones would vanish in float16.
 */
export function softmax(tape: Tape, x: Tensor): Tensor {
  const { builder } = tape;
  const last = x.dims.length - 1;
  const probabilities = builder.emitOne('Softmax', [castToFloat(builder, x)], x.dims, { axis: { int: -1 } });
  return tape.record({
    kind: 'elementwise',
    inputs: [x],
    output: tape.inComputeType(probabilities),
    flops: 5 * elementCount(x.dims),
    gradient: (g) => [
      () => {
        const weighted = multiply(builder, castToFloat(builder, g), probabilities);
        const total = reduceSum(builder, weighted, [last], true);
        return subtract(builder, weighted, multiply(builder, probabilities, total));
      },
    ],
  });
}
