import type { Tape } from '../autodiff/tape.js';
import { unbroadcast } from '../autodiff/unbroadcast.js';
import type { Tensor } from '../builder.js';
import * as elementwise from '../primitives/elementwise.js';
import { elementCount } from '../shape.js';

/** a + b, broadcast as numpy does. One FLOP per element of the result. */
export function add(tape: Tape, a: Tensor, b: Tensor): Tensor {
  const { builder } = tape;
  const output = elementwise.add(builder, tape.inComputeType(a), tape.inComputeType(b));
  return tape.record({
    kind: 'elementwise',
    inputs: [a, b],
    output,
    flops: elementCount(output.dims),
    gradient: (g) => [() => unbroadcast(builder, g, a.dims), () => unbroadcast(builder, g, b.dims)],
  });
}

/** a * b, elementwise, broadcast as numpy does. One FLOP per element of the result. */
export function multiply(tape: Tape, a: Tensor, b: Tensor): Tensor {
  const { builder } = tape;
  const [left, right] = [tape.inComputeType(a), tape.inComputeType(b)];
  const output = elementwise.multiply(builder, left, right);
  return tape.record({
    kind: 'elementwise',
    inputs: [a, b],
    output,
    flops: elementCount(output.dims),
    gradient: (g) => [
      () => unbroadcast(builder, elementwise.multiply(builder, g, right), a.dims),
      () => unbroadcast(builder, elementwise.multiply(builder, g, left), b.dims),
    ],
  });
}

/** factor * a. One FLOP per element. */
export function scale(tape: Tape, a: Tensor, factor: number): Tensor {
  const { builder } = tape;
  return tape.record({
    kind: 'elementwise',
    inputs: [a],
    output: elementwise.multiply(builder, a, factor),
    flops: elementCount(a.dims),
    gradient: (g) => [() => elementwise.multiply(builder, g, factor)],
  });
}
