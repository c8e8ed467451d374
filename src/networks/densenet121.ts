import type { Tape } from '../graph/autodiff/tape.js';
import type { Tensor } from '../graph/builder.js';
import { constant, kaimingNormalFanIn, linearDefault } from '../graph/initialise.js';
import { relu } from '../graph/operations/activation.js';
import { averagePool } from '../graph/operations/average-pool.js';
import { concatenate } from '../graph/operations/concatenate.js';
import { maxPool } from '../graph/operations/max-pool.js';
import { globalAveragePool } from '../graph/operations/mean.js';
import { batchNormLayer, classify, convolutionLayer, convolutionNorm, imageInput } from './layers.js';
import type { Network } from './network.js';
import { channelsOf, imageShapeOfAtLeast } from './sizes.js';
import { cnnWorkload } from './workload/cnn.js';

const layersPerBlock = [6, 12, 24, 16];
const stemChannels = 64;
/** Channels that each layer adds. */
const addedChannels = 32;
/** A layer's 1 x 1 convolution puts out this many times the growth. */
const bottleneckFactor = 4;
/** Five halvings of 29 pixels leave one: those of stem and max pool round up. */
const smallestImage = 29;
const initialise = kaimingNormalFanIn;

/**
 * DenseNet-121 (Huang et al. 2017) as in torchvision: each layer's output is appended to its input's channels, norms and
 * ReLUs come before the convolutions, and the stem is 7 x 7 with stride 2 and a max pool, for small images too.
 */
export const densenet121: Network = {
  family: 'cnn',
  datasets: ['CIFAR100', 'TinyImageNet'],
  input: 'image',

  forward(tape, config) {
    const { builder } = tape;
    const growth = channelsOf(config, addedChannels);
    const images = imageInput(config, imageShapeOfAtLeast(config, smallestImage));
    const features = builder.within('features', () => {
      const stem = relu(
        tape,
        convolutionNorm(tape, 'stem', images, {
          outputs: channelsOf(config, stemChannels),
          kernel: 7,
          stride: 2,
          initialise,
        }),
      );
      let x = maxPool(tape, stem, { kernel: 3, stride: 2, padding: 1 });
      layersPerBlock.forEach((layers, block) => {
        if (block > 0) x = builder.within(`transition${block}`, () => transition(tape, x));
        for (let layer = 1; layer <= layers; layer++) {
          x = builder.within([`block${block + 1}`, `layer${layer}`], () => denseLayer(tape, x, growth));
        }
      });
      return relu(tape, batchNormLayer(tape, 'norm', x));
    });
    return classify(tape, config, images, globalAveragePool(tape, features), {
      weight: linearDefault,
      bias: constant(0),
    });
  },

  workload: cnnWorkload,
};

/** [N, C, H, W] -> [N, C + growth, H, W] */
function denseLayer(tape: Tape, x: Tensor, growth: number): Tensor {
  const reduced = normReluConvolution(tape, 1, x, bottleneckFactor * growth, 1);
  return concatenate(tape, [x, normReluConvolution(tape, 2, reduced, growth, 3)], 1);
}

/** Half the channels, half the size. */
function transition(tape: Tape, x: Tensor): Tensor {
  return averagePool(tape, normReluConvolution(tape, 1, x, x.dims[1]! / 2, 1), 2);
}

function normReluConvolution(tape: Tape, index: number, x: Tensor, outputs: number, kernel: number): Tensor {
  const activated = relu(tape, batchNormLayer(tape, `norm${index}`, x));
  return convolutionLayer(tape, `conv${index}`, activated, { outputs, kernel, initialise });
}
