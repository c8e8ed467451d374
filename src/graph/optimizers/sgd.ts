import { add, multiply, subtract } from '../primitives/elementwise.js';
import type { OptimizerRule } from './types.js';

/** v = momentum * v + (g + weightDecay * p); p -= learningRate * v. As torch.optim.SGD: decay enters the gradient. */
export function sgd(options: { momentum: number; weightDecay: number }): OptimizerRule {
  return {
    momentNames: ['momentum'],
    update(builder, { parameter, gradient, moments, learningRate }) {
      const decayed =
        options.weightDecay === 0
          ? gradient
          : add(builder, gradient, multiply(builder, parameter.state, options.weightDecay));
      const velocity = add(builder, multiply(builder, moments[0]!, options.momentum), decayed);
      const step = multiply(builder, velocity, learningRate);
      return { parameter: subtract(builder, parameter.state, step), moments: [velocity] };
    },
  };
}
