import type { Tape } from '../autodiff/tape.js';
import type { Tensor } from '../builder.js';
import { exponential, multiply, subtract } from '../primitives/elementwise.js';
import { reduceSum } from '../primitives/reduce.js';

/**
 * Mean over the batch of -log softmax(logits)[label]; logits [N, classes], labels int64 [N]; a scalar. Four FLOPs per
 * logit.
 */
export function crossEntropy(tape: Tape, logits: Tensor, labels: Tensor): Tensor {
  const { builder } = tape;
  const [batch, classes] = logits.dims as [number, number];
  const logProbabilities = builder.emitOne('LogSoftmax', [logits], logits.dims, { axis: { int: -1 } });
  const oneHot = builder.emitOne(
    'OneHot',
    [labels, builder.integers([classes]), builder.floats([0, 1])],
    logits.dims,
    { axis: { int: -1 } },
    { type: logits.type },
  );
  const chosen = reduceSum(builder, multiply(builder, logProbabilities, oneHot), [0, 1]);
  return tape.record({
    kind: 'loss',
    inputs: [logits, labels],
    output: multiply(builder, chosen, -1 / batch),
    flops: 4 * batch * classes,
    gradient: (g) => [
      () => {
        const difference = subtract(builder, exponential(builder, logProbabilities), oneHot);
        return multiply(builder, multiply(builder, difference, 1 / batch), g);
      },
      null,
    ],
  });
}
