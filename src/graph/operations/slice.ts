import type { Tape } from '../autodiff/tape.js';
import type { Tensor } from '../builder.js';
import * as layout from '../primitives/layout.js';

/** `length` slices of `x` along `axis`, from `start` on. No FLOPs; the gradient is padded with zeros. */
export function slice(
  tape: Tape,
  x: Tensor,
  { axis, start, length }: { axis: number; start: number; length: number },
): Tensor {
  const { builder } = tape;
  const along = (count: number) => x.dims.map((_, index) => (index === axis ? count : 0));
  return tape.record({
    kind: 'layout',
    inputs: [x],
    output: layout.slice(builder, x, [{ axis, start, length }]),
    flops: 0,
    gradient: (g) => [() => layout.pad(builder, g, along(start), along(x.dims[axis]! - start - length))],
  });
}
