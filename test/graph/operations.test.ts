import t from 'tap';
import { MersenneTwister } from '#src/base/random.js';
import { Tape } from '#src/graph/autodiff/tape.js';
import { GraphBuilder, type Provider, type Tensor } from '#src/graph/builder.js';
import { gelu, relu } from '#src/graph/operations/activation.js';
import { adaptiveAveragePool } from '#src/graph/operations/adaptive-average-pool.js';
import { add, multiply, scale } from '#src/graph/operations/arithmetic.js';
import { averagePool } from '#src/graph/operations/average-pool.js';
import { batchNorm } from '#src/graph/operations/batch-norm.js';
import { concatenate } from '#src/graph/operations/concatenate.js';
import { convolution } from '#src/graph/operations/convolution/convolution.js';
import { crossEntropy } from '#src/graph/operations/cross-entropy.js';
import { embedding } from '#src/graph/operations/embedding.js';
import { expand } from '#src/graph/operations/expand.js';
import { gather } from '#src/graph/operations/gather.js';
import { layerNorm } from '#src/graph/operations/layer-norm.js';
import { reshape, transpose } from '#src/graph/operations/layout.js';
import { linear } from '#src/graph/operations/linear.js';
import { attentionBias, causalAttentionBias, maskedMean, paddingMask } from '#src/graph/operations/mask.js';
import { maxPool } from '#src/graph/operations/max-pool.js';
import { globalAveragePool, meanOver } from '#src/graph/operations/mean.js';
import { matmul } from '#src/graph/operations/product.js';
import { relu6 } from '#src/graph/operations/relu6.js';
import { slice } from '#src/graph/operations/slice.js';
import { softmax } from '#src/graph/operations/softmax.js';
import * as elementwise from '#src/graph/primitives/elementwise.js';
import { elementCount } from '#src/graph/shape.js';
import { compile, type Feeds, input, normals, normalsFor, relativeError, separated } from './evaluate.js';

const doubled = (builder: GraphBuilder, a: Tensor) => elementwise.multiply(builder, a, 2);

interface Case {
  name: string;
  /** Differentiable inputs by name. */
  shapes: Record<string, number[]>;
  build: (tape: Tape, inputs: Record<string, Tensor>) => Tensor;
  /** FLOPs of the operation, worked by hand from its docstring. */
  flops: number;
  /** Values of inputs that must stay away from a kink, and of indices. */
  values?: Record<string, Float32Array>;
  indices?: Record<string, { dims: number[]; values: bigint[] }>;
  step?: number;
  provider?: Provider;
}

const random = new MersenneTwister(11);

const cases: Case[] = [
  { name: 'add', shapes: { a: [2, 3, 4], b: [2, 3, 4] }, build: (tape, { a, b }) => add(tape, a!, b!), flops: 24 },
  {
    name: 'add, broadcast',
    shapes: { a: [2, 3, 4], b: [3, 1] },
    build: (tape, { a, b }) => add(tape, a!, b!),
    flops: 24,
  },
  { name: 'multiply', shapes: { a: [2, 5], b: [2, 5] }, build: (tape, { a, b }) => multiply(tape, a!, b!), flops: 10 },
  {
    name: 'multiply, broadcast both ways',
    shapes: { a: [2, 1, 4], b: [3, 1] },
    build: (tape, { a, b }) => multiply(tape, a!, b!),
    flops: 24,
  },
  { name: 'multiply by itself', shapes: { a: [6] }, build: (tape, { a }) => multiply(tape, a!, a!), flops: 6 },
  { name: 'scale', shapes: { a: [7] }, build: (tape, { a }) => scale(tape, a!, -2.5), flops: 7 },
  {
    name: 'relu',
    shapes: { a: [4, 5] },
    build: (tape, { a }) => relu(tape, a!),
    flops: 20,
    values: { a: separated(20, 0.3, random) },
  },
  {
    name: 'relu6',
    shapes: { a: [5, 8] },
    build: (tape, { a }) => relu6(tape, a!),
    flops: 80,
    // At 0.25, 0.75, ...: away from the kinks.
    values: { a: separated(40, 0.5, random) },
  },
  { name: 'gelu', shapes: { a: [4, 5] }, build: (tape, { a }) => gelu(tape, a!), flops: 100 },
  { name: 'reshape', shapes: { a: [4, 6] }, build: (tape, { a }) => reshape(tape, a!, [3, 8]), flops: 0 },
  { name: 'transpose', shapes: { a: [2, 3, 4] }, build: (tape, { a }) => transpose(tape, a!, [2, 0, 1]), flops: 0 },
  {
    name: 'concatenate along the middle axis',
    shapes: { a: [2, 1, 4], b: [2, 3, 4], c: [2, 2, 4] },
    build: (tape, { a, b, c }) => concatenate(tape, [a!, b!, c!], 1),
    flops: 0,
  },
  {
    name: 'concatenate with itself',
    shapes: { a: [2, 3] },
    build: (tape, { a }) => concatenate(tape, [a!, a!], 1),
    flops: 0,
  },
  {
    name: 'slice from the middle of an axis',
    shapes: { a: [2, 5, 3] },
    build: (tape, { a }) => slice(tape, a!, { axis: 1, start: 1, length: 3 }),
    flops: 0,
  },
  {
    name: 'expand, one axis stretched and one added',
    shapes: { a: [1, 4] },
    build: (tape, { a }) => expand(tape, a!, [2, 3, 4]),
    flops: 0,
  },
  {
    name: 'gather, a permutation along the middle axis',
    shapes: { a: [2, 3, 4] },
    build: (tape, { a }) => gather(tape, a!, [2, 0, 1], 1),
    flops: 0,
  },
  {
    name: 'gather, each slice twice',
    shapes: { a: [3, 2] },
    build: (tape, { a }) => gather(tape, a!, [2, 2, 0, 1, 0, 1], 0),
    flops: 0,
  },
  {
    name: 'matmul of matrices',
    shapes: { a: [3, 4], b: [4, 5] },
    build: (tape, { a, b }) => matmul(tape, a!, b!),
    flops: 120,
  },
  {
    name: 'matmul of matrices, b transposed, scaled',
    shapes: { a: [3, 4], b: [5, 4] },
    build: (tape, { a, b }) => matmul(tape, a!, b!, { transposeB: true, scale: 0.5 }),
    flops: 120,
  },
  {
    name: 'matmul of batches',
    shapes: { a: [2, 3, 4], b: [2, 4, 5] },
    build: (tape, { a, b }) => matmul(tape, a!, b!),
    flops: 240,
  },
  {
    name: 'matmul of batches, b transposed, scaled',
    shapes: { a: [2, 2, 3, 4], b: [2, 2, 5, 4] },
    build: (tape, { a, b }) => matmul(tape, a!, b!, { transposeB: true, scale: 0.5 }),
    flops: 480,
  },
  {
    name: 'matmul of batches, b transposed, scaled, as for WebGPU',
    shapes: { a: [2, 2, 3, 4], b: [2, 2, 5, 4] },
    build: (tape, { a, b }) => matmul(tape, a!, b!, { transposeB: true, scale: 0.5 }),
    flops: 480,
    provider: 'webgpu',
  },
  {
    name: 'matmul, leading axes broadcast',
    shapes: { a: [2, 3, 4], b: [1, 4, 5] },
    build: (tape, { a, b }) => matmul(tape, a!, b!),
    flops: 240,
  },
  {
    name: 'linear',
    shapes: { x: [2, 3, 4], weight: [5, 4], bias: [5] },
    build: (tape, { x, weight, bias }) => linear(tape, x!, weight!, bias!),
    flops: 2 * 6 * 4 * 5,
  },
  { name: 'softmax', shapes: { a: [2, 3, 5] }, build: (tape, { a }) => softmax(tape, a!), flops: 150 },
  {
    name: 'layer norm',
    shapes: { x: [2, 3, 8], scale: [8], shift: [8] },
    build: (tape, { x, scale: gain, shift }) => layerNorm(tape, x!, gain!, shift!),
    flops: 8 * 48,
  },
  {
    name: 'batch norm',
    shapes: { x: [3, 4, 2, 3], scale: [4], shift: [4] },
    build: (tape, { x, scale: gain, shift }) => batchNorm(tape, x!, gain!, shift!),
    flops: 8 * 72,
  },
  {
    name: 'max pool 3, stride 2, padded',
    shapes: { x: [2, 2, 5, 6] },
    build: (tape, { x }) => maxPool(tape, x!, { kernel: 3, stride: 2, padding: 1 }),
    flops: 9 * 36,
    values: { x: separated(120, 0.3, random) },
  },
  {
    name: 'max pool 2, stride 2',
    shapes: { x: [2, 2, 4, 4] },
    build: (tape, { x }) => maxPool(tape, x!, { kernel: 2, stride: 2, padding: 0 }),
    flops: 4 * 16,
    values: { x: separated(64, 0.3, random) },
  },
  ...[
    { kernel: 3, stride: 2, padding: 1, flops: 9 * 36 },
    { kernel: 2, stride: 2, padding: 0, flops: 4 * 36 },
  ].map(
    ({ flops, ...options }): Case => ({
      name: `max pool ${options.kernel} by comparison`,
      provider: 'webgpu',
      shapes: { x: [2, 2, 6, 6] },
      build: (tape, { x }) => maxPool(tape, x!, options),
      flops,
      values: { x: separated(144, 0.3, random) },
    }),
  ),
  {
    name: 'average pool 2',
    shapes: { x: [2, 3, 4, 6] },
    build: (tape, { x }) => averagePool(tape, x!, 2),
    flops: 4 * 36,
  },
  {
    name: 'average pool 2, a row and a column left over',
    shapes: { x: [2, 2, 5, 7] },
    build: (tape, { x }) => averagePool(tape, x!, 2),
    flops: 4 * 24,
  },
  // Bins cover 2 + 2 + 2 of 4 pixels, 2 + 3 + 2 of 5, 1 + 2 + 1 of 2, and one each of 1 and 3.
  ...[
    { size: [4, 5], flops: 6 * 6 * 7 },
    { size: [2, 4], flops: 6 * 4 * 6 },
    { size: [1, 1], flops: 6 * 3 * 3 },
    { size: [3, 3], flops: 6 * 3 * 3 },
  ].map(
    ({ size, flops }): Case => ({
      name: `adaptive average pool of ${size.join(' x ')} to 3 x 3`,
      shapes: { x: [2, 3, ...size] },
      build: (tape, { x }) => adaptiveAveragePool(tape, x!, 3),
      flops,
    }),
  ),
  {
    name: 'concatenation of channels',
    shapes: { a: [2, 3, 2, 2], b: [2, 1, 2, 2], c: [2, 2, 2, 2] },
    build: (tape, { a, b, c }) => concatenate(tape, [a!, b!, c!], 1),
    flops: 0,
  },
  {
    name: 'a part concatenated with itself',
    shapes: { a: [2, 3] },
    build: (tape, { a }) => concatenate(tape, [a!, a!], 1),
    flops: 0,
  },
  {
    name: 'global average pool',
    shapes: { x: [2, 3, 2, 4] },
    build: (tape, { x }) => globalAveragePool(tape, x!),
    flops: 48,
  },
  { name: 'mean over an axis', shapes: { x: [2, 3, 4] }, build: (tape, { x }) => meanOver(tape, x!, [1]), flops: 24 },
  {
    name: 'embedding, an index taken twice',
    shapes: { table: [5, 3] },
    indices: { ids: { dims: [2, 3], values: [0n, 4n, 2n, 4n, 1n, 4n] } },
    build: (tape, { table, ids }) => embedding(tape, table!, ids!),
    flops: 0,
  },
  {
    name: 'cross-entropy',
    shapes: { logits: [4, 5] },
    indices: { labels: { dims: [4], values: [0n, 3n, 3n, 1n] } },
    build: (tape, { logits, labels }) => crossEntropy(tape, logits!, labels!),
    flops: 80,
  },
  {
    name: 'cross-entropy that ignores padding',
    shapes: { logits: [5, 6] },
    indices: { labels: { dims: [5], values: [2n, 0n, 5n, 0n, 2n] } },
    build: (tape, { logits, labels }) => crossEntropy(tape, logits!, labels!, { ignoredLabel: 0 }),
    flops: 120,
  },
  {
    name: 'masked mean',
    shapes: { x: [2, 4, 3] },
    indices: { ids: { dims: [2, 4], values: [5n, 6n, 0n, 0n, 1n, 2n, 3n, 0n] } },
    build: (tape, { x, ids }) => maskedMean(tape, x!, paddingMask(tape.builder, ids!, 0)),
    flops: 48,
  },
  {
    name: 'attention with padding',
    shapes: { query: [2, 2, 4, 3], key: [2, 2, 4, 3], value: [2, 2, 4, 3] },
    indices: { ids: { dims: [2, 4], values: [5n, 6n, 0n, 0n, 1n, 2n, 3n, 0n] } },
    build: (tape, { query, key, value, ids }) => {
      const bias = attentionBias(tape.builder, paddingMask(tape.builder, ids!, 0));
      const scores = matmul(tape, query!, key!, { transposeB: true, scale: 1 / Math.sqrt(3) });
      return matmul(tape, softmax(tape, add(tape, scores, bias)), value!);
    },
    flops: 2 * 4 * 4 * 4 * 3 + 64 + 5 * 64 + 2 * 4 * 4 * 4 * 3,
  },
  {
    name: 'causal attention with padding',
    shapes: { query: [2, 2, 4, 3], key: [2, 2, 4, 3], value: [2, 2, 4, 3] },
    indices: { ids: { dims: [2, 4], values: [5n, 6n, 0n, 0n, 1n, 2n, 3n, 4n] } },
    build: (tape, { query, key, value, ids }) => {
      const bias = causalAttentionBias(tape.builder, paddingMask(tape.builder, ids!, 0));
      const scores = matmul(tape, query!, key!, { transposeB: true });
      return matmul(tape, softmax(tape, add(tape, scores, bias)), value!);
    },
    flops: 2 * 4 * 4 * 4 * 3 + 64 + 5 * 64 + 2 * 4 * 4 * 4 * 3,
  },
  ...[
    { name: '3 x 3', x: [2, 3, 5, 6], weight: [4, 3, 3, 3], options: { padding: 1 }, flops: 2 * 27 * 2 * 4 * 30 },
    {
      name: '3 x 3, stride 2',
      x: [2, 3, 5, 6],
      weight: [4, 3, 3, 3],
      options: { padding: 1, stride: 2 },
      flops: 2 * 27 * 2 * 4 * 9,
    },
    {
      name: '3 x 3, 16 channels, few pixels',
      x: [2, 16, 2, 2],
      weight: [16, 16, 3, 3],
      options: { padding: 1 },
      flops: 2 * 144 * 2 * 16 * 4,
    },
    { name: '1 x 1, few pixels', x: [2, 4, 2, 2], weight: [3, 4, 1, 1], options: {}, flops: 2 * 4 * 2 * 3 * 4 },
    { name: '1 x 1, many pixels', x: [2, 4, 5, 7], weight: [3, 4, 1, 1], options: {}, flops: 2 * 4 * 2 * 3 * 35 },
    {
      name: '1 x 1, stride 2',
      x: [2, 4, 5, 6],
      weight: [3, 4, 1, 1],
      options: { stride: 2 },
      flops: 2 * 4 * 2 * 3 * 9,
    },
    {
      name: 'patches',
      x: [2, 3, 4, 6],
      weight: [5, 3, 2, 2],
      options: { stride: 2 },
      flops: 2 * 12 * 2 * 5 * 6,
    },
    {
      name: 'depthwise',
      x: [2, 4, 4, 5],
      weight: [4, 1, 3, 3],
      options: { padding: 1, stride: 2, groups: 4 },
      flops: 2 * 9 * 2 * 4 * 6,
    },
    {
      name: 'grouped',
      x: [2, 4, 4, 4],
      weight: [6, 2, 3, 3],
      options: { padding: 1, groups: 2 },
      flops: 2 * 18 * 2 * 6 * 16,
    },
  ].map(
    ({ name, x, weight, options, flops }): Case => ({
      name: `convolution ${name}`,
      shapes: { x, weight },
      build: (tape, inputs) => convolution(tape, inputs.x!, inputs.weight!, options),
      flops,
      step: 0.5,
    }),
  ),
];

const biased: Case[] = [
  { name: 'many pixels', x: [2, 3, 5, 6], weight: [4, 3, 3, 3], options: { padding: 1 }, flops: 2 * 27 * 2 * 4 * 30 },
  {
    name: '3 x 3, few pixels',
    x: [2, 3, 2, 2],
    weight: [4, 3, 3, 3],
    options: { padding: 1 },
    flops: 2 * 27 * 2 * 4 * 4,
  },
  { name: '1 x 1, few pixels', x: [2, 4, 2, 2], weight: [3, 4, 1, 1], options: {}, flops: 2 * 4 * 2 * 3 * 4 },
].map(({ name, x, weight, options, flops }) => ({
  name: `convolution with bias, ${name}`,
  shapes: { x, weight, bias: [weight[0]!] },
  build: (tape, inputs) => convolution(tape, inputs.x!, inputs.weight!, options, inputs.bias!),
  flops,
  step: 0.5,
}));

/**
 * The derivative of the projected output by one element, by the central difference of fourth order (error of order
 * step^4): (-f(2h) + 8 f(h) - 8 f(-h) + f(-2h)) / 12 h.
 */
async function numericDerivative(
  project: (feeds: Feeds) => Promise<number>,
  feeds: Feeds,
  name: string,
  element: number,
  step: number,
): Promise<number> {
  const at = async (offset: number) => {
    const moved = Float32Array.from(feeds[name] as Float32Array);
    moved[element]! += offset;
    return project({ ...feeds, [name]: moved });
  };
  const [far, near, nearBack, farBack] = [await at(2 * step), await at(step), await at(-step), await at(-2 * step)];
  return (-far + 8 * near - 8 * nearBack + farBack) / (12 * step);
}

/** At most this many elements per input are moved. */
const maxElements = 24;

for (const { name, shapes, build, flops, values, indices, provider = 'cpu', step = 0.05 } of [...cases, ...biased]) {
  t.test(`gradient of ${name}`, async (t) => {
    const tape = new Tape(new GraphBuilder({ provider }));
    const variables = Object.entries(shapes).map(([key, dims]) => input(key, dims));
    const indexTensors = Object.entries(indices ?? {}).map(([key, { dims }]) => input(key, dims, 'int64'));
    for (const variable of variables) tape.track(variable);
    const tensors = [...variables, ...indexTensors];
    const output = build(tape, Object.fromEntries(tensors.map((tensor) => [tensor.name, tensor])));
    const projection = input('projection', output.dims);
    const gradients = tape.gradients(output, variables, projection);
    const run = await compile(tape.builder, [...tensors, projection], [output, ...gradients]);

    const weights = normals(elementCount(output.dims), random);
    const feeds: Feeds = {
      ...normalsFor(variables, 5),
      ...values,
      ...Object.fromEntries(
        Object.entries(indices ?? {}).map(([key, index]) => [key, BigInt64Array.from(index.values)]),
      ),
      projection: weights,
    };
    const project = async (moved: Feeds) => {
      const [result] = await run(moved, [output]);
      return result!.reduce((sum, value, i) => sum + value * weights[i]!, 0);
    };

    const [, ...analytic] = await run(feeds);
    for (const [index, variable] of variables.entries()) {
      const count = elementCount(variable.dims);
      const elements = random.shuffle(Array.from({ length: count }, (_, i) => i)).slice(0, maxElements);
      const numeric: number[] = [];
      for (const element of elements) {
        numeric.push(await numericDerivative(project, feeds, variable.name, element, step));
      }
      const error = relativeError(
        elements.map((element) => analytic[index]![element]!),
        numeric,
      );
      t.ok(error < 2e-4, `by ${variable.name}: relative error ${error.toExponential(1)}`);
    }
    t.equal(
      tape.operations.reduce((sum, operation) => sum + operation.flops, 0),
      flops,
      'FLOPs',
    );
  });
}

const valueCases: {
  name: string;
  dims: number[];
  values: number[];
  build: (tape: Tape, x: Tensor) => Tensor;
  outputDims: number[];
  expected: number[];
}[] = [
  {
    name: 'relu6',
    dims: [5],
    values: [-1, 0, 2.5, 6, 7],
    build: relu6,
    outputDims: [5],
    expected: [0, 0, 2.5, 6, 6],
  },
  {
    name: 'concatenation of channels',
    dims: [2, 1, 2],
    values: [1, 2, 3, 4],
    build: (tape, x) => concatenate(tape, [x, scale(tape, x, 10)], 1),
    outputDims: [2, 2, 2],
    expected: [1, 2, 10, 20, 3, 4, 30, 40],
  },
  {
    name: 'average pool 2',
    dims: [1, 1, 2, 5],
    values: [1, 2, 3, 4, 100, 5, 6, 7, 8, 100],
    build: (tape, x) => averagePool(tape, x, 2),
    outputDims: [1, 1, 1, 2],
    expected: [3.5, 5.5],
  },
  {
    // Rows 1, 1 and columns 1 2, 2 3: bins overlap along the width, and repeat the row.
    name: 'adaptive average pool of 1 x 3 to 2 x 2',
    dims: [1, 1, 1, 3],
    values: [1, 2, 4],
    build: (tape, x) => adaptiveAveragePool(tape, x, 2),
    outputDims: [1, 1, 2, 2],
    expected: [1.5, 3, 1.5, 3],
  },
  {
    name: 'adaptive average pool of one pixel',
    dims: [1, 2, 1, 1],
    values: [3, 5],
    build: (tape, x) => adaptiveAveragePool(tape, x, 2),
    outputDims: [1, 2, 2, 2],
    expected: [3, 3, 3, 3, 5, 5, 5, 5],
  },
  {
    name: 'convolution with bias',
    dims: [1, 1, 1, 2],
    values: [1, 2],
    build: (tape, x) =>
      convolution(tape, x, tape.builder.floats([10, 100], [2, 1, 1, 1]), {}, tape.builder.floats([1, 2])),
    outputDims: [1, 2, 1, 2],
    expected: [11, 21, 102, 202],
  },
];
for (const { name, dims, values, build, outputDims, expected } of valueCases) {
  t.test(`values of ${name}`, async (t) => {
    const tape = new Tape();
    const x = input('x', dims);
    const output = build(tape, x);
    const run = await compile(tape.builder, [x], [output]);
    const [found] = await run({ x: Float32Array.from(values) });
    t.same(output.dims, outputDims);
    t.same([...found!], expected);
  });
}

t.test('relu6 has no gradient at its kinks, as in PyTorch', async (t) => {
  const tape = new Tape();
  const x = input('x', [3]);
  tape.track(x);
  const output = relu6(tape, x);
  const projection = input('projection', [3]);
  const run = await compile(tape.builder, [x, projection], tape.gradients(output, [x], projection));
  const [gradient] = await run({ x: Float32Array.of(0, 1, 6), projection: Float32Array.of(2, 2, 2) });
  t.same([...gradient!], [0, 2, 0]);
});

for (const provider of ['cpu', 'webgpu'] as const) {
  t.test(`of equal maxima the first takes the gradient (${provider})`, async (t) => {
    const tape = new Tape(new GraphBuilder({ provider }));
    const x = input('x', [1, 1, 2, 2]);
    tape.track(x);
    const output = maxPool(tape, x, { kernel: 2, stride: 2, padding: 0 });
    const projection = input('projection', output.dims);
    const run = await compile(tape.builder, [x, projection], tape.gradients(output, [x], projection));
    const [gradient] = await run({ x: Float32Array.of(1, 5, 5, 2), projection: Float32Array.of(3) });
    t.same([...gradient!], [0, 3, 0, 0]);
  });
}

t.test('attention weights by hand: no later token, no padding, and never a token that is missing', async (t) => {
  const tape = new Tape();
  const [scores, ids] = [input('scores', [2, 1, 3, 3]), input('ids', [2, 3], 'int64')];
  const bias = causalAttentionBias(tape.builder, paddingMask(tape.builder, ids, 0));
  const run = await compile(tape.builder, [scores, ids], [softmax(tape, add(tape, scores, bias))]);
  // The first text ends with padding, the second starts with it.
  const [weights] = await run({ scores: new Float32Array(18), ids: BigInt64Array.of(7n, 8n, 0n, 0n, 8n, 9n) });
  t.same([...weights!], [1, 0, 0, 0.5, 0.5, 0, 0.5, 0.5, 0, 1, 0, 0, 0, 1, 0, 0, 0.5, 0.5]);
});

async function lossesAndGradient(rows: number[][], labels: number[], ignoredLabel?: number) {
  const tape = new Tape();
  const [logits, wanted] = [input('logits', [rows.length, rows[0]!.length]), input('labels', [rows.length], 'int64')];
  tape.track(logits);
  const loss = crossEntropy(tape, logits, wanted, ignoredLabel === undefined ? {} : { ignoredLabel });
  const run = await compile(tape.builder, [logits, wanted], [loss, ...tape.gradients(loss, [logits])]);
  const [value, gradient] = await run({
    logits: Float32Array.from(rows.flat()),
    labels: BigInt64Array.from(labels, BigInt),
  });
  return { loss: value![0]!, gradient: [...gradient!] };
}

t.test('cross-entropy is exact where the probability of the label underflows', async (t) => {
  // -log softmax: 200 + log(1 + 2 e^-200) and log(3).
  const { loss, gradient } = await lossesAndGradient(
    [
      [0, 200, 0],
      [-5, -5, -5],
    ],
    [2, 0],
  );
  t.ok(Math.abs(loss - (200 + Math.log(3)) / 2) < 1e-4, `${loss}`);
  const expected = [0, 0.5, -0.5, -1 / 3, 1 / 6, 1 / 6];
  t.ok(relativeError(gradient, expected) < 1e-6, gradient.join(' '));
});

t.test('rows with the ignored label do not count; without any other the loss is 0', async (t) => {
  const rows = [
    [1, 2, 3],
    [9, -4, 2],
    [0, 1, 0],
  ];
  const some = await lossesAndGradient(rows, [2, 0, 1], 0);
  const kept = await lossesAndGradient([rows[0]!, rows[2]!], [2, 1]);
  t.ok(Math.abs(some.loss / kept.loss - 1) < 1e-6, `${some.loss}, without the row ${kept.loss}`);
  t.ok(
    some.gradient.slice(3, 6).every((value) => value === 0),
    'no gradient',
  );
  const none = await lossesAndGradient(rows, [0, 0, 0], 0);
  t.equal(none.loss, 0);
  t.ok(
    none.gradient.every((value) => value === 0),
    'no gradient at all',
  );
});

t.test('no share of an embedding row is lost when several threads add to it', async (t) => {
  // Two entries take turns. With a share of 1 from each token the sums are exact in any order.
  const [tokens, width] = [20_000, 64];
  const tape = new Tape();
  const [table, ids] = [input('table', [2, width]), input('ids', [tokens], 'int64')];
  tape.track(table);
  const output = embedding(tape, table, ids);
  const projection = input('projection', output.dims);
  const gradients = tape.gradients(output, [table], projection);
  const run = await compile(tape.builder, [table, ids, projection], gradients, { threads: 2 });
  const feeds = {
    table: new Float32Array(2 * width),
    ids: BigInt64Array.from({ length: tokens }, (_, i) => BigInt(i % 2)),
    projection: new Float32Array(tokens * width).fill(1),
  };
  for (let attempt = 1; attempt <= 10; attempt++) {
    const [gradient] = await run(feeds);
    t.ok(
      gradient!.every((sum) => sum === tokens / 2),
      `attempt ${attempt}`,
    );
  }
});

t.test('a shape that does not fit is refused when the graph is built', (t) => {
  const tape = new Tape();
  t.throws(() => add(tape, input('a', [2, 3]), input('b', [4])), /\[2, 3\] and \[4\] do not broadcast/);
  t.throws(() => matmul(tape, input('a', [2, 3]), input('b', [4, 5])), /inner extents differ/);
  t.throws(() => reshape(tape, input('a', [2, 3]), [7]), /cannot become \[7\]/);
  t.throws(() => convolution(tape, input('x', [1, 3, 4, 4]), input('w', [2, 4, 1, 1])), /do not fit 3 channels/);
  t.throws(() => gather(tape, input('a', [3]), [0, 1, 1], 0), /not all taken equally often/);
  t.throws(() => gather(tape, input('a', [2]), [0, 2], 0), /not all taken equally often/);
  t.throws(() => tape.gradients(input('loss', []), [input('a', [2])]), /does not depend on a/);
  t.end();
});

t.test('equal nodes and constants are emitted once', (t) => {
  const { builder } = new Tape();
  const a = input('a', [3]);
  t.equal(doubled(builder, a), doubled(builder, a));
  t.equal(builder.nodes.length, 1);
  t.equal(builder.constants.length, 1);
  t.end();
});
