import t from 'tap';
import { elementCount } from '#src/graph/shape.js';
import type { TrainingConfig } from '#src/networks/types.js';
import { pythonWith } from '../support/python.js';
import {
  checkGradients,
  checkLossFalls,
  checkOptimizerSteps,
  drawEach,
  type OptimizerCase,
  type ParameterDraw,
  uniformDeviate,
} from './checks.js';

const { python, skip } = pythonWith('torch', 'numpy');
const config: TrainingConfig = {
  network: 'resnet50',
  optimizer: 'SGD',
  precision: 32,
  seed: 3,
  provider: 'cpu',
  batchSize: 4,
  imageShape: [3, 32, 32],
  classes: 10,
  width: 0.5,
};

/**
 * With a million activations some are so near 0 that rounding decides which side of the ReLU they fall on, and a gradient
 * jumps (PyTorch's own in float32 and float64 differ by up to 8 %). So the norms shift by 3 deviations, up or down by
 * channel, and those that end a bottleneck have a small scale.
 */
const drawAwayFromKinks: ParameterDraw = (name, dims, random) => {
  const deviate = () => uniformDeviate(random);
  if (dims.length > 1) {
    const gain = 1 / Math.sqrt(elementCount(dims.slice(1)));
    return drawEach(dims, () => gain * deviate());
  }
  const endsBlock = name.includes('expand.norm');
  if (name.endsWith('.weight')) return drawEach(dims, () => (1 + 0.2 * deviate()) * (endsBlock ? 0.2 : 1));
  if (/(reduce|spatial|shortcut|stem)\.norm/.test(name)) return drawEach(dims, (index) => (index % 2 === 0 ? 3 : -3));
  return drawEach(dims, () => (endsBlock ? 0.6 : 0.1 * deviate()));
};

t.test("gradients agree with PyTorch's in float64", { skip }, (t) =>
  checkGradients(t, python!, { ...config, batchSize: 8 }, drawAwayFromKinks),
);

const optimizers: OptimizerCase[] = [
  { optimizer: 'SGD', learningRate: 1e-3, options: { momentum: 0.9, weight_decay: 1e-4 } },
  { optimizer: 'AdamW', learningRate: 2e-5, options: { weight_decay: 1e-4 } },
];
for (const optimizer of optimizers) {
  t.test(`ten steps of ${optimizer.optimizer} agree with PyTorch's in float64`, { skip }, (t) =>
    checkOptimizerSteps(t, python!, { ...config, batchSize: 8, width: 0.25 }, optimizer, drawAwayFromKinks, 'derived'),
  );
}

t.test('the loss falls at least tenfold over 50 steps on one batch', (t) =>
  checkLossFalls(t, { ...config, width: 0.25 }, 0.01),
);
