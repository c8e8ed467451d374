import { add, divide, multiply, squareRoot, subtract } from '../primitives/elementwise.js';
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
      const kept = multiply(builder, moments[0]!, beta2);
      const variance = add(builder, kept, multiply(builder, square, 1 - beta2));
      const direction = divide(builder, gradient, add(builder, squareRoot(builder, variance), epsilon));
      const step = multiply(builder, direction, learningRate);
      return { parameter: subtract(builder, parameter.state, step), moments: [variance] };
    },
  };
}
