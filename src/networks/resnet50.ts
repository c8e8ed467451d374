import type { Tape } from '../graph/autodiff/tape.js';
import type { Tensor } from '../graph/builder.js';
import { relu } from '../graph/operations/activation.js';
import { add } from '../graph/operations/arithmetic.js';
import { maxPool } from '../graph/operations/max-pool.js';
import { globalAveragePool } from '../graph/operations/mean.js';
import { classify, convolutionNorm, imageInput } from './layers.js';
import type { Network } from './network.js';
import { channelsOf, imageShapeOf } from './sizes.js';
import { cnnWorkload } from './workload/cnn.js';

const stages = [
  { blocks: 3, channels: 64, stride: 1 },
  { blocks: 4, channels: 128, stride: 2 },
  { blocks: 6, channels: 256, stride: 2 },
  { blocks: 3, channels: 512, stride: 2 },
];
/** A bottleneck block puts out this many times the channels between. */
const expansion = 4;

/**
 * ResNet-50 (He et al. 2016) as in torchvision: the stride of a bottleneck is in its 3 x 3 convolution, and the stem
 * is 7 x 7 with stride 2 and a max pool, for small images too.
 */
export const resnet50: Network = {
  family: 'cnn',
  datasets: ['TinyImageNet', 'CIFAR10'],
  input: 'image',

  forward(tape, config) {
    const images = imageInput(config, imageShapeOf(config));
    const stem = relu(
      tape,
      convolutionNorm(tape, 'stem', images, { outputs: channelsOf(config, 64), kernel: 7, stride: 2 }),
    );
    let x = maxPool(tape, stem, { kernel: 3, stride: 2, padding: 1 });
    stages.forEach(({ blocks, channels, stride }, stage) => {
      const width = channelsOf(config, channels);
      for (let block = 0; block < blocks; block++) {
        const name = `layer${stage + 1}.${block}`;
        x = tape.builder.within(name, () => bottleneck(tape, x, width, block === 0 ? stride : 1));
      }
    });
    return classify(tape, config, images, globalAveragePool(tape, x));
  },

  workload: cnnWorkload,
};

function bottleneck(tape: Tape, x: Tensor, width: number, stride: number): Tensor {
  const outputs = expansion * width;
  const reduced = relu(tape, convolutionNorm(tape, 'reduce', x, { outputs: width, kernel: 1 }));
  const spatial = relu(tape, convolutionNorm(tape, 'spatial', reduced, { outputs: width, kernel: 3, stride }));
  const expanded = convolutionNorm(tape, 'expand', spatial, { outputs, kernel: 1 });
  const sameSize = stride === 1 && x.dims[1] === outputs;
  const shortcut = sameSize ? x : convolutionNorm(tape, 'shortcut', x, { outputs, kernel: 1, stride });
  return relu(tape, add(tape, expanded, shortcut));
}
