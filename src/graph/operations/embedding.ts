import type { Tape } from '../autodiff/tape.js';
import type { Tensor } from '../builder.js';
import { reshape, zeros } from '../primitives/layout.js';
import { elementCount } from '../shape.js';

/** The rows of `table` [entries, D] at int64 `indices` [...]: [..., D]. No FLOPs. */
export function embedding(tape: Tape, table: Tensor, indices: Tensor): Tensor {
  const { builder } = tape;
  const width = table.dims[1]!;
  const count = elementCount(indices.dims);
  const output = builder.emitOne('Gather', [table, indices], [...indices.dims, width], { axis: { int: 0 } });
  return tape.record({
    kind: 'embedding',
    inputs: [table, indices],
    output,
    flops: 0,
    gradient: (g) => [
      () =>
        builder.emitOne(
          'ScatterND',
          [zeros(builder, table.dims), reshape(builder, indices, [count, 1]), reshape(builder, g, [count, width])],
          table.dims,
          { reduction: { text: 'add' } },
        ),
      null,
    ],
  });
}
