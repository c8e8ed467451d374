import type { Tape } from '../autodiff/tape.js';
import type { Tensor } from '../builder.js';
import { add, multiply, reciprocal, squareRoot, subtract } from '../primitives/elementwise.js';
import { reshape } from '../primitives/layout.js';
import { reduceMean, reduceSum } from '../primitives/reduce.js';
import { elementCount } from '../shape.js';

const epsilon = 1e-5;
const allButChannels = [0, 2, 3];

/**
 * Batch normalisation of [N, C, H, W] with the batch's own statistics (Ioffe and Szegedy 2015); scale and shift [C].
 * Eight FLOPs per element. ONNX's operator runs in its inference form on computed statistics: its training mode is
 * missing from the CUDA provider.
 *
 * With c the centred input, r = 1 / deviation, M elements per channel and d = r * sum(g * c), the scale's gradient:
 * dx = scale * r * (g - sum(g) / M - c * r * d / M), which is linear in g and c with coefficients per channel.
 */
export function batchNorm(tape: Tape, x: Tensor, scale: Tensor, shift: Tensor): Tensor {
  const { builder } = tape;
  const channels = x.dims[1]!;
  const count = elementCount(x.dims) / channels;
  const perChannel = (values: Tensor) => reshape(builder, values, [1, channels, 1, 1]);

  const mean = reduceMean(builder, x, allButChannels);
  const centred = subtract(builder, x, perChannel(mean));
  const variance = reduceMean(builder, multiply(builder, centred, centred), allButChannels);
  const output = builder.emitOne('BatchNormalization', [x, scale, shift, mean, variance], x.dims, {
    epsilon: { float: epsilon },
  });
  return tape.record({
    kind: 'normalisation',
    inputs: [x, scale, shift],
    output,
    flops: 8 * elementCount(x.dims),
    gradient: (g) => {
      const inverseDeviation = reciprocal(builder, squareRoot(builder, add(builder, variance, epsilon)));
      const shiftGradient = reduceSum(builder, g, allButChannels);
      const projection = reduceSum(builder, multiply(builder, g, centred), allButChannels);
      const scaleGradient = multiply(builder, projection, inverseDeviation);
      return [
        () => {
          const ofGradient = multiply(builder, scale, inverseDeviation);
          const minusMean = multiply(builder, ofGradient, -1 / count);
          const ofCentred = multiply(builder, multiply(builder, minusMean, inverseDeviation), scaleGradient);
          const offset = multiply(builder, minusMean, shiftGradient);
          const centredPart = add(builder, multiply(builder, centred, perChannel(ofCentred)), perChannel(offset));
          return add(builder, multiply(builder, g, perChannel(ofGradient)), centredPart);
        },
        () => scaleGradient,
        () => shiftGradient,
      ];
    },
  });
}
