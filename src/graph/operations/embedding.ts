import type { Tape } from '../autodiff/tape.js';
import type { GraphBuilder, Tensor } from '../builder.js';
import { castToFloat } from '../primitives/elementwise.js';
import { expand, reshape, zeros } from '../primitives/layout.js';
import { elementCount, type Shape } from '../shape.js';
import { tensorBytes } from '../traffic.js';

/**
 * The rows of `table` [entries, D] at int64 `indices` [...]: [..., D]. No FLOPs. A row is read for each index, also where
 * indices repeat: how often they do is the data's. Only rows that are read are cast to the compute type, and the gradients
 * of a frequent row are added up in float32.
 */
export function embedding(tape: Tape, table: Tensor, indices: Tensor): Tensor {
  const { builder } = tape;
  const width = table.dims[1]!;
  const count = elementCount(indices.dims);
  const rows = builder.emitOne('Gather', [table, indices], [...indices.dims, width], { axis: { int: 0 } });
  const output = tape.inComputeType(rows);
  return tape.record({
    kind: 'embedding',
    inputs: [table, indices],
    output,
    flops: 0,
    bytes: tensorBytes(rows) + tensorBytes(indices) + tensorBytes(output),
    gradient: (g) => [
      () => {
        const rowGradients = reshape(builder, castToFloat(builder, g), [count, width]);
        return sumOfRows(builder, table.dims, reshape(builder, indices, [count, 1]), rowGradients);
      },
      null,
    ],
  });
}

/**
 * A table of zeros [entries, D] with each of `rows` [count, D] added at its index [count, 1]. ScatterND is the faster, but
 * on the CPU its threads add to the same row without a lock, and updates are lost; ScatterElements uses one thread there.
 */
function sumOfRows(builder: GraphBuilder, tableDims: Shape, indices: Tensor, rows: Tensor): Tensor {
  const reduction = { text: 'add' };
  const empty = zeros(builder, tableDims);
  if (builder.provider !== 'cpu') {
    return builder.emitOne('ScatterND', [empty, indices, rows], tableDims, { reduction });
  }
  const everyElement = expand(builder, indices, rows.dims);
  return builder.emitOne('ScatterElements', [empty, everyElement, rows], tableDims, { axis: { int: 0 }, reduction });
}
