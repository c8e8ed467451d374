import type { Tape } from '../autodiff/tape.js';
import { unbroadcast } from '../autodiff/unbroadcast.js';
import type { Tensor } from '../builder.js';
import * as layout from '../primitives/layout.js';
import type { Shape } from '../shape.js';

/** `a` repeated along axes of extent 1, and along new leading ones, to fill `dims`. No FLOPs. */
export function expand(tape: Tape, a: Tensor, dims: Shape): Tensor {
  const { builder } = tape;
  const output = layout.expand(builder, a, dims);
  if (output === a) return a;
  return tape.record({
    kind: 'layout',
    inputs: [a],
    output,
    flops: 0,
    gradient: (g) => [() => unbroadcast(builder, g, a.dims)],
  });
}
