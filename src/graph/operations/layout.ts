import type { Tape } from '../autodiff/tape.js';
import type { Tensor } from '../builder.js';
import * as layout from '../primitives/layout.js';
import type { Shape } from '../shape.js';

/** The same elements, row-major, in another shape: a view. No FLOPs, and no bytes move. */
export function reshape(tape: Tape, a: Tensor, dims: Shape): Tensor {
  const { builder } = tape;
  const output = layout.reshape(builder, a, dims);
  if (output === a) return a;
  return tape.record({
    kind: 'layout',
    inputs: [a],
    output,
    flops: 0,
    bytes: 0,
    gradient: (g) => [() => layout.reshape(builder, g, a.dims)],
  });
}

/** Axis i of the result is axis permutation[i] of `a`. No FLOPs. */
export function transpose(tape: Tape, a: Tensor, permutation: readonly number[]): Tensor {
  const { builder } = tape;
  return tape.record({
    kind: 'layout',
    inputs: [a],
    output: layout.transpose(builder, a, permutation),
    flops: 0,
    gradient: (g) => [() => layout.transpose(builder, g, layout.inversePermutation(permutation))],
  });
}
