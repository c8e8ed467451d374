import type { Tape } from '../graph/autodiff/tape.js';
import type { Tensor } from '../graph/builder.js';
import { constant, normal } from '../graph/initialise.js';
import { add } from '../graph/operations/arithmetic.js';
import { globalAveragePool } from '../graph/operations/mean.js';
import { relu6 } from '../graph/operations/relu6.js';
import { type ConvolutionLayerOptions, classify, convolutionNorm, imageInput } from './layers.js';
import type { Network } from './network.js';
import { channelsOf, imageShapeOf } from './sizes.js';
import { cnnWorkload } from './workload/cnn.js';

/** Table 2 of the paper: blocks widen their input `expansion` times; the first block of a stage has the stride. */
const stages = [
  { expansion: 1, channels: 16, blocks: 1, stride: 1 },
  { expansion: 6, channels: 24, blocks: 2, stride: 2 },
  { expansion: 6, channels: 32, blocks: 3, stride: 2 },
  { expansion: 6, channels: 64, blocks: 4, stride: 2 },
  { expansion: 6, channels: 96, blocks: 3, stride: 1 },
  { expansion: 6, channels: 160, blocks: 3, stride: 2 },
  { expansion: 6, channels: 320, blocks: 1, stride: 1 },
];
const stemChannels = 32;
const lastChannels = 1280;

/**
 * MobileNetV2 (Sandler et al. 2018) as in torchvision, its stem's stride of 2 for small images too. Dropout before the
 * head is left out, so that a step's work and loss are reproducible; it would cost a mask on one [N, 1280] matrix.
 */
export const mobilenetv2: Network = {
  family: 'cnn',
  datasets: ['CIFAR10', 'STL10'],
  input: 'image',

  forward(tape, config) {
    const { builder } = tape;
    const images = imageInput(config, imageShapeOf(config));
    const features = builder.within('features', () => {
      let x = convolutionNormRelu6(tape, 'stem', images, {
        outputs: channelsOf(config, stemChannels),
        kernel: 3,
        stride: 2,
      });
      stages.forEach(({ expansion, channels, blocks, stride }, stage) => {
        const outputs = channelsOf(config, channels);
        for (let block = 1; block <= blocks; block++) {
          const options = { expansion, outputs, stride: block === 1 ? stride : 1 };
          x = builder.within([`stage${stage + 1}`, `block${block}`], () => invertedResidual(tape, x, options));
        }
      });
      return convolutionNormRelu6(tape, 'last', x, { outputs: channelsOf(config, lastChannels), kernel: 1 });
    });
    return classify(tape, config, images, globalAveragePool(tape, features), {
      weight: normal(0.01),
      bias: constant(0),
    });
  },

  workload: cnnWorkload,
};

interface BlockOptions {
  expansion: number;
  outputs: number;
  stride: number;
}

/** Widen, filter each channel by itself, narrow without activation; a shortcut where the shapes agree. */
function invertedResidual(tape: Tape, x: Tensor, { expansion, outputs, stride }: BlockOptions): Tensor {
  const inputs = x.dims[1]!;
  const wide = expansion * inputs;
  const expanded = expansion === 1 ? x : convolutionNormRelu6(tape, 'expand', x, { outputs: wide, kernel: 1 });
  const spatial = { outputs: wide, kernel: 3, stride, groups: wide };
  const filtered = convolutionNormRelu6(tape, 'depthwise', expanded, spatial);
  const projected = convolutionNorm(tape, 'project', filtered, { outputs, kernel: 1 });
  return stride === 1 && inputs === outputs ? add(tape, x, projected) : projected;
}

function convolutionNormRelu6(tape: Tape, name: string, x: Tensor, options: ConvolutionLayerOptions): Tensor {
  return relu6(tape, convolutionNorm(tape, name, x, options));
}
