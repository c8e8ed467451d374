import type { Family } from '../base/columns.js';
import { adafactor } from '../graph/optimizers/adafactor.js';
import { adamW } from '../graph/optimizers/adam.js';
import { sgd } from '../graph/optimizers/sgd.js';
import type { OptimizerRule } from '../graph/optimizers/types.js';
import type { Optimizer } from './types.js';

// ORION section 1.
const weightDecay: Record<Family, { SGD: number; AdamW: number }> = {
  cnn: { SGD: 1e-4, AdamW: 1e-4 },
  mlp: { SGD: 5e-4, AdamW: 0.05 },
  transformer: { SGD: 0, AdamW: 0 },
};

const adamMoments = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

/** The update rule of an optimizer with the constants that ORION fixes for a family. */
export function optimizerRule(optimizer: Optimizer, family: Family): OptimizerRule {
  switch (optimizer) {
    case 'SGD':
      return sgd({ momentum: 0.9, weightDecay: weightDecay[family].SGD });
    case 'AdamW':
      return adamW({ ...adamMoments, weightDecay: weightDecay[family].AdamW });
    case 'Adam':
      return adamW({ ...adamMoments, weightDecay: 0 });
    case 'Adafactor':
      return adafactor({ beta2: 0.999, epsilon: 1e-30 });
  }
}
