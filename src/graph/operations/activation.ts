import type { Tape } from '../autodiff/tape.js';
import type { Tensor } from '../builder.js';
import {
  add,
  castToFloat,
  errorFunction,
  exponential,
  isPositive,
  multiply,
  rectify,
} from '../primitives/elementwise.js';
import { elementCount } from '../shape.js';

/** max(x, 0). One FLOP per element. */
export function relu(tape: Tape, x: Tensor): Tensor {
  const { builder } = tape;
  const output = rectify(builder, x);
  return tape.record({
    kind: 'activation',
    inputs: [x],
    output,
    flops: elementCount(x.dims),
    // Multiplying by the mask is faster than Where, whose CPU kernel is not vectorised.
    gradient: (g) => [() => multiply(builder, g, isPositive(builder, output))],
  });
}

/**
 * x * Phi(x), Phi the standard normal distribution function (Hendrycks and Gimpel 2016), by the error function.
 * Five FLOPs per element, the error function counted as one. In float32, as a single kernel would compute it inside: a
 * float16 erf(x) + 1 has no digits left where x is below -2.
 */
export function gelu(tape: Tape, x: Tensor): Tensor {
  const { builder } = tape;
  const wide = castToFloat(builder, x);
  const erf = errorFunction(builder, multiply(builder, wide, Math.SQRT1_2));
  const cumulative = multiply(builder, add(builder, erf, 1), 0.5);
  const density = () => {
    const bell = exponential(builder, multiply(builder, multiply(builder, wide, wide), -0.5));
    return multiply(builder, bell, 1 / Math.sqrt(2 * Math.PI));
  };
  return tape.record({
    kind: 'activation',
    inputs: [x],
    output: tape.inComputeType(multiply(builder, wide, cumulative)),
    flops: 5 * elementCount(x.dims),
    gradient: (g) => [
      () => {
        const slope = add(builder, cumulative, multiply(builder, wide, density()));
        return multiply(builder, castToFloat(builder, g), slope);
      },
    ],
  });
}
