import type { Tape } from '../graph/autodiff/tape.js';
import type { Tensor } from '../graph/builder.js';
import { gelu } from '../graph/operations/activation.js';
import { add } from '../graph/operations/arithmetic.js';
import { transpose } from '../graph/operations/layout.js';
import { type ImageMlpSizes, imageMlp } from './image-mlp.js';
import { layerNormLayer, linearLayer } from './layers.js';
import { imageShapeOf } from './sizes.js';
import type { TrainingConfig } from './types.js';

/** MLP-Mixer (Tolstikhin et al. 2021) in ORION's form: an MLP across patches. */
export const mixer = imageMlp({
  datasets: ['TinyImageNet', 'STL10'],
  patchSize: () => 8,
  depth: (config) => (readsTinyImageNet(config) ? 10 : 8),
  patchBlock,
  patchBlockFlops: ({ embedDim, patches, tokenDim }) => 4 * embedDim * patches * tokenDim,
});

/** A configuration has no data set's name: of those allowed, this one alone has 200 classes of 64 x 64 pixels. */
function readsTinyImageNet(config: TrainingConfig): boolean {
  const [, height, width] = imageShapeOf(config);
  return height === 64 && width === 64 && config.classes === 200;
}

function patchBlock(tape: Tape, x: Tensor, { patches, tokenDim }: ImageMlpSizes): Tensor {
  const byChannel = transpose(tape, layerNormLayer(tape, 'norm1', x), [0, 2, 1]);
  const hidden = gelu(tape, linearLayer(tape, 'patches1', byChannel, tokenDim));
  const mixed = linearLayer(tape, 'patches2', hidden, patches);
  return add(tape, x, transpose(tape, mixed, [0, 2, 1]));
}
