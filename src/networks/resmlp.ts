import type { Tape } from '../graph/autodiff/tape.js';
import type { Tensor } from '../graph/builder.js';
import { add } from '../graph/operations/arithmetic.js';
import { transpose } from '../graph/operations/layout.js';
import { imageMlp } from './image-mlp.js';
import { layerNormLayer, linearLayer } from './layers.js';

/** ResMLP (Touvron et al. 2021) in ORION's form: one linear layer across patches. */
export const resmlp = imageMlp({
  datasets: ['CIFAR100', 'TinyImageNet'],
  patchSize: () => 8,
  depth: () => 12,
  patchBlock,
  patchBlockFlops: ({ embedDim, patches }) => 2 * embedDim * patches ** 2,
});

function patchBlock(tape: Tape, x: Tensor): Tensor {
  const patches = x.dims[1]!;
  const normalised = layerNormLayer(tape, 'norm1', x);
  const mixed = linearLayer(tape, 'patches', transpose(tape, normalised, [0, 2, 1]), patches);
  return add(tape, x, transpose(tape, mixed, [0, 2, 1]));
}
