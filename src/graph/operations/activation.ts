import type { Tape } from '../autodiff/tape.js';
import type { Tensor } from '../builder.js';
import { add, errorFunction, exponential, isPositive, multiply, rectify } from '../primitives/elementwise.js';
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
 * Five FLOPs per element, the error function counted as one.
 */
export function gelu(tape: Tape, x: Tensor): Tensor {
  const { builder } = tape;
  const erf = errorFunction(builder, multiply(builder, x, Math.SQRT1_2));
  const cumulative = multiply(builder, add(builder, erf, 1), 0.5);
  const density = () => {
    const bell = exponential(builder, multiply(builder, multiply(builder, x, x), -0.5));
    return multiply(builder, bell, 1 / Math.sqrt(2 * Math.PI));
  };
  return tape.record({
    kind: 'activation',
    inputs: [x],
    output: multiply(builder, x, cumulative),
    flops: 5 * elementCount(x.dims),
    gradient: (g) => [() => multiply(builder, g, add(builder, cumulative, multiply(builder, x, density())))],
  });
}
