import type { Tape } from '../autodiff/tape.js';
import type { GraphBuilder, Tensor } from '../builder.js';
import {
  add,
  castToFloat,
  divide,
  exponential,
  logarithm,
  maximum,
  multiply,
  subtract,
} from '../primitives/elementwise.js';
import { reshape } from '../primitives/layout.js';
import { reduceMax, reduceSum } from '../primitives/reduce.js';
import { paddingMask } from './mask.js';

export interface CrossEntropyOptions {
  /** Rows with this label do not count (padding). */
  ignoredLabel?: number;
}

/**
 * Mean of -log softmax(logits)[label] over the rows that count, 0 if there are none; logits [N, classes], labels int64 [N];
 * a scalar. Four FLOPs per logit.
 *
 * With a vocabulary of classes the passes over the logits are what it costs. log softmax(x)[label] = x[label] - max x +
 * log max softmax(x), so one Softmax serves loss and gradient, and loss is exact where the probability underflows. In float32, as
 * in torch.autocast.
 */
export function crossEntropy(tape: Tape, logits: Tensor, labels: Tensor, options: CrossEntropyOptions = {}): Tensor {
  const { builder } = tape;
  const [rows, classes] = logits.dims as [number, number];
  const wide = castToFloat(builder, logits);
  const column = reshape(builder, labels, [rows, 1]);
  const probabilities = builder.emitOne('Softmax', [wide], logits.dims, { axis: { int: -1 } });
  const chosenLogit = builder.emitOne('GatherElements', [wide, column], [rows, 1], { axis: { int: 1 } });
  const belowLargest = subtract(builder, chosenLogit, reduceMax(builder, wide, [1], true));
  const logProbability = add(builder, belowLargest, logarithm(builder, reduceMax(builder, probabilities, [1], true)));
  const weights = rowWeights(builder, column, options);
  return tape.record({
    kind: 'loss',
    inputs: [logits, labels],
    output: reduceSum(builder, multiply(builder, logProbability, multiply(builder, weights, -1)), [0, 1]),
    flops: 4 * rows * classes,
    gradient: (g) => [
      () => {
        // What replaces the label's probability depends on all that reads the probabilities: so it is done in place.
        const difference = builder.emitOne(
          'ScatterElements',
          [probabilities, column, subtract(builder, exponential(builder, logProbability), 1)],
          logits.dims,
          { axis: { int: 1 } },
        );
        return multiply(builder, difference, multiply(builder, weights, g));
      },
      null,
    ],
  });
}

/** The share of each row in the mean: a scalar, or [rows, 1] where rows may be ignored. `labels` is [rows, 1]. */
function rowWeights(builder: GraphBuilder, labels: Tensor, { ignoredLabel }: CrossEntropyOptions): Tensor {
  if (ignoredLabel === undefined) return builder.scalar(1 / labels.dims[0]!);
  const counts = paddingMask(builder, labels, ignoredLabel);
  return divide(builder, counts, maximum(builder, reduceSum(builder, counts, [0, 1]), 1));
}
