import type { Tape } from '../autodiff/tape.js';
import type { Tensor } from '../builder.js';
import * as layout from '../primitives/layout.js';
import { tensorBytes } from '../traffic.js';

/** `length` slices of `x` along `axis`, from `start` on. No FLOPs; the rest of `x` is not read. The gradient is padded with zeros. */
export function slice(
  tape: Tape,
  x: Tensor,
  { axis, start, length }: { axis: number; start: number; length: number },
): Tensor {
  const { builder } = tape;
  const along = (count: number) => x.dims.map((_, index) => (index === axis ? count : 0));
  const output = layout.slice(builder, x, [{ axis, start, length }]);
  return tape.record({
    kind: 'layout',
    inputs: [x],
    output,
    flops: 0,
    bytes: 2 * tensorBytes(output),
    gradient: (g) => [() => layout.pad(builder, g, along(start), along(x.dims[axis]! - start - length))],
  });
}
