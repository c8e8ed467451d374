import t from 'tap';
import type { TrainingConfig } from '#src/networks/types.js';
import { pythonWith } from '../support/python.js';
import { checkGradients, checkLossFalls, checkOptimizerSteps, textOptimizers } from './checks.js';

const { python, skip } = pythonWith('torch', 'numpy');
const config: TrainingConfig = {
  network: 'DistilBERT',
  optimizer: 'AdamW',
  precision: 32,
  seed: 3,
  provider: 'cpu',
  batchSize: 4,
  sequenceLength: 16,
  vocabularySize: 50,
  classes: 2,
  depth: 2,
};

t.test("gradients agree with PyTorch's in float64", { skip }, (t) => checkGradients(t, python!, config));

for (const { tolerance, ...optimizer } of textOptimizers) {
  t.test(`ten steps of ${optimizer.optimizer} agree with PyTorch's in float64`, { skip }, (t) =>
    checkOptimizerSteps(t, python!, config, optimizer, undefined, tolerance),
  );
}

t.test('the loss falls at least tenfold over 50 steps on one batch', (t) => checkLossFalls(t, config, 1e-3));
