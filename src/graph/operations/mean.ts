import type { OperationKind, Tape } from '../autodiff/tape.js';
import type { Tensor } from '../builder.js';
import { multiply } from '../primitives/elementwise.js';
import { expand, reshape } from '../primitives/layout.js';
import { reduceMean } from '../primitives/reduce.js';
import { elementCount } from '../shape.js';

/** Mean over `axes`, which vanish. One FLOP per element of `x`. */
export function meanOver(tape: Tape, x: Tensor, axes: readonly number[], kind: OperationKind = 'elementwise'): Tensor {
  const { builder } = tape;
  const output = tape.inComputeType(reduceMean(builder, x, axes));
  const keptDims = x.dims.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
  const count = elementCount(x.dims) / elementCount(output.dims);
  return tape.record({
    kind,
    inputs: [x],
    output,
    flops: elementCount(x.dims),
    gradient: (g) => [() => expand(builder, reshape(builder, multiply(builder, g, 1 / count), keptDims), x.dims)],
  });
}

/** Mean of each channel: [N, C, H, W] -> [N, C]. One FLOP per element of `x`. */
export function globalAveragePool(tape: Tape, x: Tensor): Tensor {
  return meanOver(tape, x, [2, 3], 'pooling');
}
