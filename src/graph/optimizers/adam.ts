import type { GraphBuilder, Tensor } from '../builder.js';
import { add, divide, multiply, squareRoot, subtract } from '../primitives/elementwise.js';
import { weightedSum } from '../primitives/weighted-sum.js';
import type { OptimizerRule } from './types.js';

export interface AdamOptions {
  beta1: number;
  beta2: number;
  epsilon: number;
  weightDecay: number;
}

/**
 * AdamW (Loshchilov and Hutter 2019) as torch.optim.AdamW: p *= 1 - learningRate * weightDecay, then Adam's step with
 * bias correction (Kingma and Ba 2015). With weightDecay 0 it is torch.optim.Adam.
 */
export function adamW(options: AdamOptions): OptimizerRule {
  const { beta1, beta2, epsilon, weightDecay } = options;
  return {
    momentNames: ['mean', 'variance'],
    update(builder, { parameter, gradient, moments, learningRate, stepNumber }) {
      const square = multiply(builder, gradient, gradient);
      const mean = weightedSum(builder, moments[0]!, beta1, gradient, 1 - beta1);
      const variance = weightedSum(builder, moments[1]!, beta2, square, 1 - beta2);

      // lr * (m / c1) / (sqrt(v / c2) + eps) = (lr * sqrt(c2) / c1) * m / (sqrt(v) + eps * sqrt(c2)): scalars first.
      const meanCorrection = biasCorrection(builder, beta1, stepNumber);
      const rootVarianceCorrection = squareRoot(builder, biasCorrection(builder, beta2, stepNumber));
      const stepSize = divide(builder, multiply(builder, learningRate, rootVarianceCorrection), meanCorrection);
      const floor = multiply(builder, rootVarianceCorrection, epsilon);

      const direction = divide(builder, mean, add(builder, squareRoot(builder, variance), floor));
      const decay = multiply(builder, learningRate, -weightDecay);
      const shrunk = weightDecay === 0 ? parameter.state : multiply(builder, parameter.state, add(builder, decay, 1));
      const moved = weightedSum(builder, shrunk, 1, direction, multiply(builder, stepSize, -1));
      return { parameter: moved, moments: [mean, variance] };
    },
  };
}

/** 1 - beta^step */
function biasCorrection(builder: GraphBuilder, beta: number, stepNumber: Tensor): Tensor {
  const power = builder.emitOne('Pow', [builder.scalar(beta), stepNumber], []);
  return subtract(builder, builder.scalar(1), power);
}
