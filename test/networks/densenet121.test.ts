import t from 'tap';
import type { TrainingConfig } from '#src/networks/types.js';
import { pythonWith } from '../support/python.js';
import { checkGradients, checkLossFalls, checkOptimizerSteps, type OptimizerCase } from './checks.js';
import { drawAwayFromKinks } from './kinks.js';

const { python, skip } = pythonWith('torch', 'numpy');
const config: TrainingConfig = {
  network: 'densenet121',
  optimizer: 'SGD',
  precision: 32,
  seed: 3,
  provider: 'cpu',
  batchSize: 8,
  imageShape: [3, 32, 32],
  classes: 10,
  width: 0.5,
};
const draw = drawAwayFromKinks(/norm/);

t.test("gradients agree with PyTorch's in float64", { skip }, (t) =>
  checkGradients(t, python!, config, draw, 'derived'),
);

const optimizers: OptimizerCase[] = [
  { optimizer: 'SGD', learningRate: 1e-3, options: { momentum: 0.9, weight_decay: 1e-4 } },
  { optimizer: 'AdamW', learningRate: 1e-4, options: { weight_decay: 1e-4 } },
];
for (const optimizer of optimizers) {
  t.test(`ten steps of ${optimizer.optimizer} agree with PyTorch's in float64`, { skip }, (t) =>
    checkOptimizerSteps(t, python!, config, optimizer, draw, 'derived'),
  );
}

t.test('the loss falls at least tenfold over 50 steps on one batch', (t) =>
  checkLossFalls(t, { ...config, width: 0.25 }, 0.01),
);
