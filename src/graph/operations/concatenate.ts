import type { Tape } from '../autodiff/tape.js';
import type { Tensor } from '../builder.js';
import * as layout from '../primitives/layout.js';

/** The parts one after the other along `axis`; their other extents are equal. No FLOPs. */
export function concatenate(tape: Tape, parts: readonly Tensor[], axis: number): Tensor {
  const { builder } = tape;
  let end = 0;
  const ranges = parts.map((part) => {
    const length = part.dims[axis]!;
    end += length;
    return { axis, start: end - length, length };
  });
  return tape.record({
    kind: 'layout',
    inputs: parts,
    output: layout.concatenate(
      builder,
      parts.map((part) => tape.inComputeType(part)),
      axis,
    ),
    flops: 0,
    gradient: (g) => ranges.map((range) => () => layout.slice(builder, g, [range])),
  });
}
