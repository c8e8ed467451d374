import type { Tape } from '../autodiff/tape.js';
import type { GraphBuilder, Tensor } from '../builder.js';
import type { FloatType } from '../onnx/types.js';
import { expand, reshape } from '../primitives/layout.js';
import { product } from '../primitives/product.js';
import { reduceSum } from '../primitives/reduce.js';
import { elementCount, range, type Shape } from '../shape.js';

interface Bin {
  start: number;
  end: number;
}

/** Bin i of `count` covers floor(i * extent / count) to ceil((i + 1) * extent / count): PyTorch's rule; bins may overlap. */
function binsOf(extent: number, count: number): Bin[] {
  return range(0, count).map((i) => ({
    start: Math.floor((i * extent) / count),
    end: Math.ceil(((i + 1) * extent) / count),
  }));
}

/**
 * Means over size x size bins of [N, C, H, W], whatever H and W: [N, C, size, size], as torch.nn.AdaptiveAvgPool2d; images
 * smaller than that have pixels repeated. One FLOP per element of each bin.
 */
export function adaptiveAveragePool(tape: Tape, x: Tensor, size: number): Tensor {
  const { builder } = tape;
  const [batch, channels, height, width] = x.dims as [number, number, number, number];
  const dims = [batch, channels, size, size];
  const [rows, columns] = [binsOf(height, size), binsOf(width, size)];
  const seen = (bins: readonly Bin[]) => bins.reduce((sum, { start, end }) => sum + end - start, 0);
  const pool = poolFor(builder, x.dims, dims, rows, columns, x.type as FloatType);
  return tape.record({
    kind: 'pooling',
    inputs: [x],
    output: pool.forward(x),
    flops: batch * channels * seen(rows) * seen(columns),
    gradient: (g) => [() => pool.backward(g)],
  });
}

interface LinearMap {
  forward: (x: Tensor) => Tensor;
  /** Its transpose. */
  backward: (g: Tensor) => Tensor;
}

function poolFor(
  builder: GraphBuilder,
  from: Shape,
  to: Shape,
  rows: readonly Bin[],
  columns: readonly Bin[],
  type: FloatType,
): LinearMap {
  const [height, width] = [from[2]!, from[3]!];
  if (height === rows.length && width === columns.length) {
    return { forward: (x) => builder.emitOne('Identity', [x], to), backward: (g) => g };
  }
  if (height === 1 && width === 1) {
    return { forward: (x) => expand(builder, x, to), backward: (g) => reduceSum(builder, g, [2, 3], true) };
  }
  // Small images: all pixels of a channel are one row of a matrix, and averaging is a product with a constant.
  const images = from[0]! * from[1]!;
  const averaging = averagingMatrix(builder, width, height * width, rows, columns, type);
  const flat = (tensor: Tensor) => reshape(builder, tensor, [images, elementCount(tensor.dims) / images]);
  return {
    forward: (x) => reshape(builder, product(builder, flat(x), averaging), to),
    backward: (g) => reshape(builder, product(builder, flat(g), averaging, { transposeB: true }), from),
  };
}

/** The share of each pixel in the mean of each bin: [pixels, bins], both row by row. */
function averagingMatrix(
  builder: GraphBuilder,
  width: number,
  pixels: number,
  rows: readonly Bin[],
  columns: readonly Bin[],
  type: FloatType,
): Tensor {
  const bins = rows.flatMap((row) => columns.map((column) => ({ row, column })));
  const shares = new Float32Array(pixels * bins.length);
  bins.forEach(({ row, column }, bin) => {
    const share = 1 / ((row.end - row.start) * (column.end - column.start));
    for (const y of range(row.start, row.end)) {
      for (const x of range(column.start, column.end)) shares[(y * width + x) * bins.length + bin] = share;
    }
  });
  return builder.floats(shares, [pixels, bins.length], type);
}
