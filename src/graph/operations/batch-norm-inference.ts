import type { Tape } from '../autodiff/tape.js';
import type { Tensor } from '../builder.js';
import { castToFloat } from '../primitives/elementwise.js';
import { elementCount } from '../shape.js';
import { batchNormEpsilon } from './batch-norm.js';

/** What training has gathered of each channel: its mean and variance, [C] each. */
export interface RunningStatistics {
  mean: Tensor;
  variance: Tensor;
}

/**
 * Batch normalisation of [N, C, H, W] as it is used after training, by running statistics (Ioffe and Szegedy 2015,
 * algorithm 2); scale and shift [C]. Two FLOPs per element: a factor and an offset per channel. ONNX Runtime folds it into
 * a convolution before it. It has no gradient: training goes by the batch's own statistics.
 */
export function batchNormInference(
  tape: Tape,
  x: Tensor,
  scale: Tensor,
  shift: Tensor,
  { mean, variance }: RunningStatistics,
): Tensor {
  const normalised = tape.builder.emitOne(
    'BatchNormalization',
    [castToFloat(tape.builder, x), scale, shift, mean, variance],
    x.dims,
    { epsilon: { float: batchNormEpsilon } },
  );
  return tape.record({
    kind: 'normalisation',
    inputs: [x, scale, shift, mean, variance],
    output: tape.inComputeType(normalised),
    flops: 2 * elementCount(x.dims),
    gradient: () => [null, null, null, null, null],
  });
}
