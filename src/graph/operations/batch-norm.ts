import type { Tape } from '../autodiff/tape.js';
import type { GraphBuilder, Tensor } from '../builder.js';
import { add, castToFloat, multiply, reciprocal, squareRoot, subtract } from '../primitives/elementwise.js';
import { reshape } from '../primitives/layout.js';
import { product } from '../primitives/product.js';
import { reduceSum } from '../primitives/reduce.js';
import { elementCount, range } from '../shape.js';
import { channelRows, imagesOfChannelRows } from './convolution/channels-first.js';

/** PyTorch's default. */
export const batchNormEpsilon = 1e-5;

/**
 * Batch normalisation of [N, C, H, W] with the batch's own statistics (Ioffe and Szegedy 2015); scale and shift [C].
 * Eight FLOPs per element. All arithmetic is float32, gradients too: means and variances are sums over the whole batch, of
 * terms that nearly cancel.
 *
 * With c the centred input, r = 1 / deviation, M elements per channel and d = r * sum(g * c), the scale's gradient:
 * dx = scale * r * (g - sum(g) / M - c * r * d / M), which is linear in g and c with coefficients per channel.
 */
export function batchNorm(tape: Tape, x: Tensor, scale: Tensor, shift: Tensor): Tensor {
  const { builder } = tape;
  const count = elementCount(x.dims) / x.dims[1]!;
  const view = builder.provider === 'cpu' ? rowView(builder, x) : imageView(builder, x);
  const { perChannel, sum, dot, affine } = view;

  const input = view.enter(castToFloat(builder, x));
  const mean = multiply(builder, sum(input), 1 / count);
  const centred = subtract(builder, input, perChannel(mean));
  const variance = multiply(builder, dot(centred, centred), 1 / count);
  const inverseDeviation = reciprocal(builder, squareRoot(builder, add(builder, variance, batchNormEpsilon)));
  const slope = multiply(builder, scale, inverseDeviation);
  return tape.record({
    kind: 'normalisation',
    inputs: [x, scale, shift],
    output: tape.inComputeType(view.leave(affine(centred, slope, shift))),
    flops: 8 * elementCount(x.dims),
    gradient: (gradient) => {
      const g = view.enter(castToFloat(builder, gradient));
      const shiftGradient = sum(g);
      const scaleGradient = multiply(builder, dot(g, centred), inverseDeviation);
      return [
        () => {
          const minusMean = multiply(builder, slope, -1 / count);
          const ofCentred = multiply(builder, multiply(builder, minusMean, inverseDeviation), scaleGradient);
          const offset = multiply(builder, minusMean, shiftGradient);
          const centredPart = affine(centred, ofCentred, offset);
          return view.leave(add(builder, multiply(builder, g, perChannel(slope)), centredPart));
        },
        () => scaleGradient,
        () => shiftGradient,
      ];
    },
  });
}

/** How batch norm looks at images: what a channel's values [C] and sums over all but the channels are there. */
interface View {
  enter(images: Tensor): Tensor;
  leave(view: Tensor): Tensor;
  perChannel(values: Tensor): Tensor;
  sum(view: Tensor): Tensor;
  /** Sum of the products. */
  dot(a: Tensor, b: Tensor): Tensor;
  /** view * slope + offset, both per channel. */
  affine(view: Tensor, slope: Tensor, offset: Tensor): Tensor;
}

function imageView(builder: GraphBuilder, { dims }: Tensor): View {
  const allButChannels = [0, 2, 3];
  const channels = dims[1]!;
  const sum = (images: Tensor) => reduceSum(builder, images, allButChannels);
  return {
    enter: (images) => images,
    leave: (images) => images,
    perChannel: (values) => reshape(builder, values, [1, channels, 1, 1]),
    sum,
    dot: (a, b) => sum(multiply(builder, a, b)),
    affine: (images, slope, offset) => affineByNorm(builder, images, slope, offset),
  };
}

/**
 * A row per channel, [C, N * H * W], for the CPU: sums run along whole rows, and a channel's value is broadcast over
 * one. With images of 4 x 4 pixels that is two to five times faster.
 */
function rowView(builder: GraphBuilder, { dims }: Tensor): View {
  const channels = dims[1]!;
  const length = elementCount(dims) / channels;
  return {
    enter: (images) => channelRows(builder, images),
    leave: (rows) => imagesOfChannelRows(builder, rows, dims),
    perChannel: (values) => reshape(builder, values, [channels, 1]),
    sum: (rows) => reduceSum(builder, rows, [1]),
    dot: (a, b) => rowProducts(builder, a, b),
    affine(rows, slope, offset) {
      const batch = reshape(builder, rows, [1, channels, length]);
      return reshape(builder, affineByNorm(builder, batch, slope, offset), rows.dims);
    },
  };
}

/** Rows shorter than this are multiplied and summed: the call of a product costs more. */
const shortRow = 1024;
/** Longer rows are cut: a product keeps few partial sums, and float32 loses digits in long ones. */
const longestPiece = 4096;

/** For each row of a and b [C, L] the sum of the products: [C]. A product reads both once and writes nothing between. */
function rowProducts(builder: GraphBuilder, a: Tensor, b: Tensor): Tensor {
  const [rows, length] = a.dims as [number, number];
  const pieces = range(1, length + 1).find((count) => length % count === 0 && length / count <= longestPiece)!;
  if (length / pieces < shortRow) return reduceSum(builder, multiply(builder, a, b), [1]);
  const cut = (matrix: Tensor) => reshape(builder, matrix, [rows * pieces, 1, length / pieces]);
  const sums = product(builder, cut(a), cut(b), { transposeB: true });
  return reduceSum(builder, reshape(builder, sums, [rows, pieces]), [1]);
}

/**
 * BatchNormalization in its inference form (mean 0, variance 1) is one pass where Mul and Add are two. cuDNN wants an
 * epsilon of at least 1e-5, so the variance is that much smaller.
 */
function affineByNorm(builder: GraphBuilder, x: Tensor, slope: Tensor, offset: Tensor): Tensor {
  const channels = slope.dims[0]!;
  const zero = builder.floats(new Float32Array(channels));
  const one = builder.floats(new Float32Array(channels).fill(1 - batchNormEpsilon));
  return builder.emitOne('BatchNormalization', [x, slope, offset, zero, one], x.dims, {
    epsilon: { float: batchNormEpsilon },
  });
}
