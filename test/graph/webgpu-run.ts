// Computes operations and their gradients on the CPU and, in the formulation for it, on WebGPU; prints how far each
// result is off, a line of JSON for each operation. The Vulkan driver is chosen by the environment.
import { MersenneTwister } from '#src/base/random.js';
import { Tape } from '#src/graph/autodiff/tape.js';
import { GraphBuilder, type Provider, type Tensor } from '#src/graph/builder.js';
import { gelu, relu } from '#src/graph/operations/activation.js';
import { adaptiveAveragePool } from '#src/graph/operations/adaptive-average-pool.js';
import { averagePool } from '#src/graph/operations/average-pool.js';
import { batchNorm } from '#src/graph/operations/batch-norm.js';
import { concatenate } from '#src/graph/operations/concatenate.js';
import { convolution } from '#src/graph/operations/convolution/convolution.js';
import type { ConvolutionOptions } from '#src/graph/operations/convolution/geometry.js';
import { crossEntropy } from '#src/graph/operations/cross-entropy.js';
import { embedding } from '#src/graph/operations/embedding.js';
import { layerNorm } from '#src/graph/operations/layer-norm.js';
import { linear } from '#src/graph/operations/linear.js';
import { maskedMean, paddingMask } from '#src/graph/operations/mask.js';
import { maxPool } from '#src/graph/operations/max-pool.js';
import { matmul } from '#src/graph/operations/product.js';
import { relu6 } from '#src/graph/operations/relu6.js';
import { slice } from '#src/graph/operations/slice.js';
import { softmax } from '#src/graph/operations/softmax.js';
import { elementCount } from '#src/graph/shape.js';
import { compile, input, normals, relativeError, separated } from './evaluate.js';

export interface OperationRun {
  name: string;
  /** Of the output and of each input's gradient: the largest difference over the largest element. */
  errors: Record<string, number>;
}

interface Case {
  name: string;
  shapes: Record<string, number[]>;
  build: (tape: Tape, inputs: Record<string, Tensor>) => Tensor;
  indices?: Record<string, { dims: number[]; values: bigint[] }>;
}

const conv = (name: string, x: number[], w: number[], options: ConvolutionOptions = {}): Case => ({
  name: `convolution, ${name}`,
  shapes: { x, w },
  build: (tape, { x, w }) => convolution(tape, x!, w!, options),
});

const pool = { kernel: 3, stride: 2, padding: 1 };
const tokens = { ids: { dims: [2, 4], values: [3n, 1n, 3n, 0n, 2n, 3n, 0n, 0n] } };

const cases: Case[] = [
  conv('7 x 7, stride 2, 3 channels', [2, 3, 17, 17], [8, 3, 7, 7], { stride: 2, padding: 3 }),
  conv('3 x 3, 3 channels', [2, 3, 8, 8], [8, 3, 3, 3], { padding: 1 }),
  conv('3 x 3', [2, 16, 9, 9], [24, 16, 3, 3], { padding: 1 }),
  conv('3 x 3, more channels than pixels', [2, 32, 4, 4], [64, 32, 3, 3], { padding: 1 }),
  conv('3 x 3, 2 x 2 pixels', [2, 32, 2, 2], [32, 32, 3, 3], { padding: 1 }),
  conv('3 x 3, stride 2, even', [2, 16, 8, 8], [16, 16, 3, 3], { stride: 2, padding: 1 }),
  conv('3 x 3, stride 2, odd', [2, 16, 9, 9], [16, 16, 3, 3], { stride: 2, padding: 1 }),
  conv('1 x 1', [2, 16, 6, 6], [32, 16, 1, 1]),
  conv('1 x 1, one pixel', [4, 32, 1, 1], [16, 32, 1, 1]),
  conv('1 x 1, stride 2', [2, 16, 9, 9], [32, 16, 1, 1], { stride: 2 }),
  conv('depthwise', [2, 96, 6, 6], [96, 1, 3, 3], { padding: 1, groups: 96 }),
  conv('depthwise, stride 2', [2, 96, 8, 8], [96, 1, 3, 3], { stride: 2, padding: 1, groups: 96 }),
  conv('grouped', [2, 8, 6, 6], [16, 4, 3, 3], { padding: 1, groups: 2 }),
  conv('patches', [2, 3, 8, 8], [16, 3, 4, 4], { stride: 4 }),
  { name: 'max pool', shapes: { x: [2, 8, 9, 9] }, build: (tape, { x }) => maxPool(tape, x!, pool) },
  { name: 'average pool', shapes: { x: [2, 8, 7, 6] }, build: (tape, { x }) => averagePool(tape, x!, 2) },
  { name: 'adaptive pool', shapes: { x: [2, 8, 3, 3] }, build: (tape, { x }) => adaptiveAveragePool(tape, x!, 2) },
  {
    name: 'batch norm',
    shapes: { x: [4, 16, 5, 5], scale: [16], shift: [16] },
    build: (tape, { x, scale, shift }) => batchNorm(tape, x!, scale!, shift!),
  },
  {
    name: 'layer norm',
    shapes: { x: [2, 5, 32], scale: [32], shift: [32] },
    build: (tape, { x, scale, shift }) => layerNorm(tape, x!, scale!, shift!),
  },
  {
    name: 'linear',
    shapes: { x: [2, 5, 12], w: [20, 12], b: [20] },
    build: (tape, { x, w, b }) => linear(tape, x!, w!, b!),
  },
  {
    name: 'attention scores, transposed and scaled',
    shapes: { a: [2, 3, 5, 8], b: [2, 3, 6, 8] },
    build: (tape, { a, b }) => matmul(tape, a!, b!, { transposeB: true, scale: 0.25 }),
  },
  { name: 'matmul', shapes: { a: [2, 3, 5, 8], b: [2, 3, 8, 6] }, build: (tape, { a, b }) => matmul(tape, a!, b!) },
  { name: 'softmax', shapes: { x: [2, 3, 5, 7] }, build: (tape, { x }) => softmax(tape, x!) },
  { name: 'gelu', shapes: { x: [5, 8] }, build: (tape, { x }) => gelu(tape, x!) },
  { name: 'relu', shapes: { x: [5, 8] }, build: (tape, { x }) => relu(tape, x!) },
  { name: 'relu6', shapes: { x: [5, 8] }, build: (tape, { x }) => relu6(tape, x!) },
  {
    name: 'concatenate',
    shapes: { a: [2, 3, 4], b: [2, 5, 4] },
    build: (tape, { a, b }) => concatenate(tape, [a!, b!], 1),
  },
  {
    name: 'slice',
    shapes: { x: [2, 5, 4] },
    build: (tape, { x }) => slice(tape, x!, { axis: 1, start: 1, length: 3 }),
  },
  {
    name: 'embedding, rows used twice',
    shapes: { table: [5, 8] },
    indices: tokens,
    build: (tape, { table, ids }) => embedding(tape, table!, ids!),
  },
  {
    name: 'mean of the tokens that count',
    shapes: { x: [2, 4, 8] },
    indices: tokens,
    build: (tape, { x, ids }) => maskedMean(tape, x!, paddingMask(tape.builder, ids!, 0)),
  },
  {
    name: 'cross-entropy',
    shapes: { x: [4, 6] },
    indices: { labels: { dims: [4], values: [0n, 3n, 3n, 5n] } },
    build: (tape, { x, labels }) => crossEntropy(tape, x!, labels!),
  },
  {
    name: 'cross-entropy, ignored labels',
    shapes: { x: [4, 6] },
    indices: { labels: { dims: [4], values: [0n, 3n, 0n, 5n] } },
    build: (tape, { x, labels }) => crossEntropy(tape, x!, labels!, { ignoredLabel: 0 }),
  },
];

async function compute(
  { shapes, indices = {}, build }: Case,
  provider: Provider,
): Promise<Record<string, Float32Array>> {
  const tape = new Tape(new GraphBuilder({ provider }));
  const variables = Object.entries(shapes).map(([name, dims]) => input(name, dims));
  const indexTensors = Object.entries(indices).map(([name, { dims }]) => input(name, dims, 'int64'));
  for (const variable of variables) tape.track(variable);
  const tensors = [...variables, ...indexTensors];
  const output = build(tape, Object.fromEntries(tensors.map((tensor) => [tensor.name, tensor])));
  const projection = input('projection', output.dims);
  const results = [output, ...tape.gradients(output, variables, projection)];
  const run = await compile(tape.builder, [...tensors, projection], results, { provider });

  const random = new MersenneTwister(5);
  const values = await run({
    // Distinct and away from 0 and 6: maxima and kinks fall on the same side everywhere.
    ...Object.fromEntries(variables.map(({ name, dims }) => [name, spread(elementCount(dims), random)])),
    ...Object.fromEntries(Object.entries(indices).map(([name, index]) => [name, BigInt64Array.from(index.values)])),
    projection: normals(elementCount(output.dims), random),
  });
  const names = ['output', ...variables.map(({ name }) => `gradient of ${name}`)];
  return Object.fromEntries(names.map((name, index) => [name, values[index]!]));
}

const spread = (count: number, random: MersenneTwister) => separated(count, 15 / count, random);

for (const operation of cases) {
  const [expected, found] = [await compute(operation, 'cpu'), await compute(operation, 'webgpu')];
  const errors = Object.fromEntries(
    Object.entries(expected).map(([name, values]) => [name, relativeError(found[name]!, values)]),
  );
  console.log(JSON.stringify({ name: operation.name, errors } satisfies OperationRun));
}
