import { InputError } from '../base/errors.js';
import type { Tape } from '../graph/autodiff/tape.js';
import type { Tensor } from '../graph/builder.js';
import { add } from '../graph/operations/arithmetic.js';
import { gather } from '../graph/operations/gather.js';
import { reshape } from '../graph/operations/layout.js';
import { range } from '../graph/shape.js';
import { type ImageMlpSizes, imageMlp } from './image-mlp.js';
import { layerNormLayer, linearLayer } from './layers.js';
import { imageShapeOf } from './sizes.js';

/** How far each group of channels moves, in patches: down, up, to the right, to the left. */
const shifts = [
  { rows: 1, columns: 0 },
  { rows: -1, columns: 0 },
  { rows: 0, columns: 1 },
  { rows: 0, columns: -1 },
] as const;
const groups = shifts.length;

/** Images up to this size are cut into smaller patches, or there would be few to shift among: CIFAR's. */
const smallImage = 32;

/**
 * AS-MLP (Lian et al. 2021) in ORION's form: groups of channels move by one patch, around the edge, and a linear layer
 * sees each patch beside what moved there.
 */
export const asmlp = imageMlp({
  datasets: ['TinyImageNet', 'STL10'],
  patchSize: (config) => (Math.max(...imageShapeOf(config).slice(1)) <= smallImage ? 4 : 8),
  depth: () => 12,
  patchBlock,
  patchBlockFlops: ({ embedDim, patches }) => 4 * patches * embedDim ** 2,

  requireFittingSizes({ network }, { embedDim }) {
    if (embedDim % groups === 0) return;
    throw new InputError(
      `${network} shifts ${groups} groups of channels, and an embedding of ${embedDim} cannot be divided into them: ` +
        `choose a multiple of ${groups}.`,
    );
  },
});

function patchBlock(tape: Tape, x: Tensor, { embedDim, patches, grid }: ImageMlpSizes): Tensor {
  const batch = x.dims[0]!;
  const normalised = layerNormLayer(tape, 'norm1', x);
  // One gather of pieces of a quarter of a patch's channels shifts and concatenates.
  const pieces = reshape(tape, normalised, [batch, patches * groups, embedDim / groups]);
  const beside = reshape(tape, gather(tape, pieces, shiftedAndOwn(grid), 1), [batch, patches, 2 * embedDim]);
  return add(tape, x, linearLayer(tape, 'shifted', beside, embedDim));
}

/** For each patch, row by row, the pieces that move there and then its own; piece g of patch p is groups * p + g. */
function shiftedAndOwn([rows, columns]: ImageMlpSizes['grid']): number[] {
  return range(0, rows).flatMap((row) =>
    range(0, columns).flatMap((column) => {
      const moved = shifts.map((shift, group) => {
        const fromRow = (row - shift.rows + rows) % rows;
        const fromColumn = (column - shift.columns + columns) % columns;
        return groups * (fromRow * columns + fromColumn) + group;
      });
      const own = range(0, groups).map((group) => groups * (row * columns + column) + group);
      return [...moved, ...own];
    }),
  );
}
