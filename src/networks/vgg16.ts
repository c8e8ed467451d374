import type { Tape } from '../graph/autodiff/tape.js';
import type { Tensor } from '../graph/builder.js';
import { constant, normal } from '../graph/initialise.js';
import { relu } from '../graph/operations/activation.js';
import { adaptiveAveragePool } from '../graph/operations/adaptive-average-pool.js';
import { reshape } from '../graph/operations/layout.js';
import { maxPool } from '../graph/operations/max-pool.js';
import { elementCount } from '../graph/shape.js';
import { batchNormLayer, classify, convolutionLayer, imageInput, linearLayer } from './layers.js';
import type { Network } from './network.js';
import { channelsOf, imageShapeOfAtLeast } from './sizes.js';
import { cnnWorkload } from './workload/cnn.js';

/** Convolutions per stage, and their channels; a max pool halves the image after each stage. */
const stages = [
  { convolutions: 2, channels: 64 },
  { convolutions: 2, channels: 128 },
  { convolutions: 3, channels: 256 },
  { convolutions: 3, channels: 512 },
  { convolutions: 3, channels: 512 },
];
const smallestImage = 2 ** stages.length;
/** The classifier sees this many pixels along each axis, whatever the image. */
const pooledSize = 7;
const defaultHiddenDim = 4096;
const linearStart = { weight: normal(0.01), bias: constant(0) };

/**
 * VGG-16 with batch norm (Simonyan and Zisserman 2015, configuration D) as torchvision's vgg16_bn: convolutions with
 * bias, and an adaptive average pool to 7 x 7 that repeats the pixels of small images. Dropout between the classifier's
 * layers is left out, so that a step's work and loss are reproducible; it would cost a mask on two [N, 4096] matrices.
 */
export const vgg16: Network = {
  family: 'cnn',
  datasets: ['TinyImageNet', 'CIFAR100'],
  input: 'image',

  forward(tape, config) {
    const { builder } = tape;
    const images = imageInput(config, imageShapeOfAtLeast(config, smallestImage));
    let x = images;
    stages.forEach(({ convolutions, channels }, stage) => {
      const outputs = channelsOf(config, channels);
      builder.within(['features', `stage${stage + 1}`], () => {
        for (let layer = 1; layer <= convolutions; layer++) x = convolutionNormRelu(tape, layer, x, outputs);
        x = maxPool(tape, x, { kernel: 2, stride: 2, padding: 0 });
      });
    });
    const pooled = builder.within('pool', () => adaptiveAveragePool(tape, x, pooledSize));
    const flat = reshape(tape, pooled, [config.batchSize, elementCount(pooled.dims.slice(1))]);
    const hiddenDim = config.hiddenDim ?? defaultHiddenDim;
    const hidden = builder.within('classifier', () =>
      ['hidden1', 'hidden2'].reduce(
        (features, name) => relu(tape, linearLayer(tape, name, features, hiddenDim, linearStart)),
        flat,
      ),
    );
    return classify(tape, config, images, hidden, linearStart);
  },

  workload: cnnWorkload,
};

function convolutionNormRelu(tape: Tape, layer: number, x: Tensor, outputs: number): Tensor {
  const convolved = convolutionLayer(tape, `conv${layer}`, x, { outputs, kernel: 3, bias: true });
  return relu(tape, batchNormLayer(tape, `norm${layer}`, convolved));
}
