import { add, divide, multiply, squareRoot } from '../primitives/elementwise.js';
import { weightedSum } from '../primitives/weighted-sum.js';
import type { OptimizerRule } from './types.js';

/**
 * What ORION calls Adafactor, its plain second-moment form: v = beta2 * v + (1 - beta2) * g^2, then p -= learningRate *
 * g / (sqrt(v) + epsilon), without bias correction; neither factored nor with relative steps as in Shazeer and Stern 2018.
 * The first step moves each value with a gradient by learningRate / sqrt(1 - beta2).
 */
export function adafactor({ beta2, epsilon }: { beta2: number; epsilon: number }): OptimizerRule {
  return {
    momentNames: ['variance'],
    update(builder, { parameter, gradient, moments, learningRate }) {
      const square = multiply(builder, gradient, gradient);
      const variance = weightedSum(builder, moments[0]!, beta2, square, 1 - beta2);
      const direction = divide(builder, gradient, add(builder, squareRoot(builder, variance), epsilon));
      const moved = weightedSum(builder, parameter.state, 1, direction, multiply(builder, learningRate, -1));
      return { parameter: moved, moments: [variance] };
    },
  };
}
