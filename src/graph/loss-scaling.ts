import type { GraphBuilder, Tensor } from './builder.js';
import { add, isEqual, isLess, multiply, reciprocal, where } from './primitives/elementwise.js';
import { concatenate, reshape } from './primitives/layout.js';
import { reduceSum, sumOfMagnitudes } from './primitives/reduce.js';

export interface LossScaling {
  initialScale: number;
  /** The scale doubles after this many good steps in a row. */
  growthInterval: number;
}

/** The defaults of torch.cuda.amp.GradScaler. */
export const gradScaler: LossScaling = { initialScale: 65_536, growthInterval: 2000 };

const growthFactor = 2;
const backoffFactor = 0.5;

const carriedScalar = (name: string): Tensor => ({ name, type: 'float32', dims: [] });

/**
 * Dynamic loss scaling as torch.cuda.amp.GradScaler does it (Micikevicius et al. 2018): the loss is multiplied by a scale
 * before the backward pass, so that small gradients do not vanish in float16, and the gradients are divided by it before
 * the update. A step with a gradient that is not finite is left out, and the scale halved. The state is three scalars.
 */
export class LossScaler {
  readonly #builder: GraphBuilder;
  readonly #options: LossScaling;
  /** The gradient of the loss. */
  readonly scale = carriedScalar('loss_scale');
  /** Good steps in a row since the scale last changed. */
  readonly #goodSteps = carriedScalar('good_steps');
  /** Updates that the optimizer has made. */
  readonly updates = carriedScalar('updates');

  constructor(builder: GraphBuilder, options: LossScaling) {
    this.#builder = builder;
    this.#options = options;
  }

  /** The true gradients, from those of the scaled loss. */
  unscaled(gradients: readonly Tensor[]): Tensor[] {
    const inverse = reciprocal(this.#builder, this.scale);
    return gradients.map((gradient) => multiply(this.#builder, gradient, inverse));
  }

  /** Whether no gradient has an infinity or NaN; bool scalar. A sum of magnitudes keeps either. */
  allFinite(gradients: readonly Tensor[]): Tensor {
    const builder = this.#builder;
    const sums = gradients.map((gradient) => reshape(builder, sumOfMagnitudes(builder, gradient), [1]));
    const nearlyInfinity = builder.scalar(3.4e38);
    return isLess(builder, reduceSum(builder, concatenate(builder, sums, 0), [0]), nearlyInfinity);
  }

  /** What the loop carries, before and after a step. */
  carried(isGood: Tensor): { before: Tensor; after: Tensor; initial: number }[] {
    const builder = this.#builder;
    const { initialScale, growthInterval } = this.#options;
    const zero = builder.scalar(0);
    const steps = add(builder, this.#goodSteps, 1);
    const grows = isEqual(builder, steps, growthInterval);
    const growth = where(builder, grows, builder.scalar(growthFactor), builder.scalar(1));
    const factor = where(builder, isGood, growth, builder.scalar(backoffFactor));
    const counted = where(builder, grows, zero, steps);
    const updated = add(builder, this.updates, 1);
    return [
      { before: this.scale, after: multiply(builder, this.scale, factor), initial: initialScale },
      { before: this.#goodSteps, after: where(builder, isGood, counted, zero), initial: 0 },
      { before: this.updates, after: where(builder, isGood, updated, this.updates), initial: 0 },
    ];
  }
}
