import type { Tape } from '../autodiff/tape.js';
import type { Tensor } from '../builder.js';
import { castToFloat, multiply, subtract } from '../primitives/elementwise.js';
import { reshape } from '../primitives/layout.js';
import { reduceMean, reduceSum } from '../primitives/reduce.js';
import { elementCount } from '../shape.js';

const epsilon = 1e-5;

/**
 * Layer normalisation over the last axis (Ba, Kiros and Hinton 2016); scale and shift [C]. Eight FLOPs per element.
 *
 * All arithmetic is float32, gradients too, as in torch.autocast: means are sums of terms that nearly cancel. With n the
 * normalised input and h = g * scale: dx = (h - mean(h) - n * mean(h * n)) / deviation.
 */
export function layerNorm(tape: Tape, x: Tensor, scale: Tensor, shift: Tensor): Tensor {
  const { builder } = tape;
  const last = x.dims.length - 1;
  const channels = x.dims[last]!;
  const rows = elementCount(x.dims) / channels;
  const wide = castToFloat(builder, x);
  const statistics = { type: wide.type, dims: [...x.dims.slice(0, -1), 1] };
  const attributes = { axis: { int: -1 }, epsilon: { float: epsilon } };
  const [output, mean, inverseDeviation] = builder.emit(
    'LayerNormalization',
    [wide, scale, shift],
    [wide, statistics, statistics],
    attributes,
  ) as [Tensor, Tensor, Tensor];

  const sumOverRows = (a: Tensor) => reduceSum(builder, reshape(builder, a, [rows, channels]), [0]);
  return tape.record({
    kind: 'normalisation',
    inputs: [x, scale, shift],
    output: tape.inComputeType(output),
    flops: 8 * elementCount(x.dims),
    gradient: (outputGradient) => {
      const g = castToFloat(builder, outputGradient);
      const normalised = multiply(builder, subtract(builder, wide, mean), inverseDeviation);
      return [
        () => {
          const scaled = multiply(builder, g, scale);
          const meanOfScaled = reduceMean(builder, scaled, [last], true);
          const projection = reduceMean(builder, multiply(builder, scaled, normalised), [last], true);
          const centred = subtract(builder, scaled, meanOfScaled);
          return multiply(
            builder,
            subtract(builder, centred, multiply(builder, normalised, projection)),
            inverseDeviation,
          );
        },
        () => sumOverRows(multiply(builder, g, normalised)),
        () => sumOverRows(g),
      ];
    },
  });
}
