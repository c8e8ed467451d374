import t from 'tap';
import type { TrainingConfig } from '#src/networks/types.js';
import { pythonWith } from '../support/python.js';
import { adafactorCase, checkGradients, checkLossFalls, checkOptimizerSteps, type OptimizerCase } from './checks.js';

const { python, skip } = pythonWith('torch', 'numpy');
const config: TrainingConfig = {
  network: 'resmlp',
  optimizer: 'SGD',
  precision: 32,
  seed: 3,
  provider: 'cpu',
  batchSize: 8,
  imageShape: [3, 32, 32],
  classes: 10,
  embedDim: 32,
  depth: 2,
};

t.test("gradients agree with PyTorch's in float64", { skip }, (t) =>
  checkGradients(t, python!, { ...config, batchSize: 4, depth: 3 }),
);

const optimizers: OptimizerCase[] = [
  { optimizer: 'SGD', learningRate: 0.05, options: { momentum: 0.9, weight_decay: 5e-4 } },
  { optimizer: 'AdamW', learningRate: 1e-3, options: { weight_decay: 0.05 } },
  { optimizer: 'Adam', learningRate: 1e-3, options: {} },
  adafactorCase,
];
for (const optimizer of optimizers) {
  t.test(`ten steps of ${optimizer.optimizer} agree with PyTorch's in float64`, { skip }, (t) =>
    checkOptimizerSteps(t, python!, config, optimizer),
  );
}

t.test('the loss falls at least tenfold over 50 steps on one batch', (t) => checkLossFalls(t, config, 0.05));
