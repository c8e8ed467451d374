import { multiply } from '../primitives/elementwise.js';
import { weightedSum } from '../primitives/weighted-sum.js';
import type { OptimizerRule } from './types.js';

/** v = momentum * v + (g + weightDecay * p); p -= learningRate * v. As torch.optim.SGD: decay enters the gradient. */
export function sgd(options: { momentum: number; weightDecay: number }): OptimizerRule {
  return {
    momentNames: ['momentum'],
    update(builder, { parameter, gradient, moments, learningRate }) {
      const { state } = parameter;
      const { momentum, weightDecay } = options;
      const decayed = weightDecay === 0 ? gradient : weightedSum(builder, gradient, 1, state, weightDecay);
      const velocity = weightedSum(builder, moments[0]!, momentum, decayed, 1);
      const moved = weightedSum(builder, state, 1, velocity, multiply(builder, learningRate, -1));
      return { parameter: moved, moments: [velocity] };
    },
  };
}
