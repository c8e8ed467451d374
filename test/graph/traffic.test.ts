import t from 'tap';
import { type OperationRecord, Tape } from '#src/graph/autodiff/tape.js';
import { GraphBuilder, type Tensor } from '#src/graph/builder.js';
import { relu } from '#src/graph/operations/activation.js';
import { add, multiply } from '#src/graph/operations/arithmetic.js';
import { batchNorm } from '#src/graph/operations/batch-norm.js';
import { batchNormInference } from '#src/graph/operations/batch-norm-inference.js';
import { concatenate } from '#src/graph/operations/concatenate.js';
import { convolution } from '#src/graph/operations/convolution/convolution.js';
import { crossEntropy } from '#src/graph/operations/cross-entropy.js';
import { embedding } from '#src/graph/operations/embedding.js';
import { expand } from '#src/graph/operations/expand.js';
import { reshape, transpose } from '#src/graph/operations/layout.js';
import { linear } from '#src/graph/operations/linear.js';
import { maskedMean } from '#src/graph/operations/mask.js';
import { maxPool } from '#src/graph/operations/max-pool.js';
import { slice } from '#src/graph/operations/slice.js';
import { input } from './evaluate.js';

type Inputs = Record<string, Tensor>;

interface Case {
  name: string;
  shapes: Record<string, number[]>;
  build: (tape: Tape, inputs: Inputs) => Tensor;
  /** Of the last operation, worked by hand. */
  bytes: number;
  /** With float16 as the compute type, and so of the inputs that are no parameters. */
  halfBytes?: number;
}

/** Inputs with these names are parameters, which stay float32; those with `ids` are int64. */
const parameterNames = ['weight', 'bias', 'scale', 'shift', 'table', 'mean', 'variance'];

const cases: Case[] = [
  {
    name: 'add, broadcast: the small operand is read once',
    shapes: { a: [2, 3, 4], b: [3, 1] },
    build: (tape, { a, b }) => add(tape, a!, b!),
    bytes: 4 * (24 + 3 + 24),
    halfBytes: 2 * (24 + 3 + 24),
  },
  {
    name: 'multiply by itself: read once',
    shapes: { a: [6] },
    build: (tape, { a }) => multiply(tape, a!, a!),
    bytes: 4 * (6 + 6),
  },
  { name: 'relu', shapes: { a: [4, 5] }, build: (tape, { a }) => relu(tape, a!), bytes: 4 * 40, halfBytes: 2 * 40 },
  { name: 'reshape: a view', shapes: { a: [4, 6] }, build: (tape, { a }) => reshape(tape, a!, [3, 8]), bytes: 0 },
  {
    name: 'transpose',
    shapes: { a: [2, 3] },
    build: (tape, { a }) => transpose(tape, a!, [1, 0]),
    bytes: 4 * (6 + 6),
  },
  {
    name: 'slice: the rest is not read',
    shapes: { a: [2, 5, 3] },
    build: (tape, { a }) => slice(tape, a!, { axis: 1, start: 1, length: 2 }),
    bytes: 4 * (12 + 12),
    halfBytes: 2 * (12 + 12),
  },
  {
    name: 'concatenate',
    shapes: { a: [2, 1], b: [2, 3] },
    build: (tape, { a, b }) => concatenate(tape, [a!, b!], 1),
    bytes: 4 * (2 + 6 + 8),
  },
  { name: 'expand', shapes: { a: [1, 4] }, build: (tape, { a }) => expand(tape, a!, [5, 4]), bytes: 4 * (4 + 20) },
  {
    name: 'embedding: the rows that are looked up, and their ids',
    shapes: { table: [1000, 8], ids: [2, 3] },
    build: (tape, { table, ids }) => embedding(tape, table!, ids!),
    bytes: 4 * 48 + 8 * 6 + 4 * 48,
    halfBytes: 4 * 48 + 8 * 6 + 2 * 48,
  },
  {
    name: 'linear with a parameter for weight',
    shapes: { x: [2, 3, 4], weight: [5, 4], bias: [5] },
    build: (tape, { x, weight, bias }) => linear(tape, x!, weight!, bias!),
    bytes: 4 * (24 + 20 + 5 + 30),
    halfBytes: 2 * 24 + 4 * (20 + 5) + 2 * 30,
  },
  {
    name: 'convolution with stride and bias',
    shapes: { x: [2, 3, 6, 6], weight: [4, 3, 3, 3], bias: [4] },
    build: (tape, { x, weight, bias }) => convolution(tape, x!, weight!, { stride: 2, padding: 1 }, bias!),
    bytes: 4 * (216 + 108 + 4 + 2 * 4 * 9),
  },
  {
    name: 'max pool: indices for the gradient are not counted',
    shapes: { x: [2, 3, 4, 4] },
    build: (tape, { x }) => maxPool(tape, x!, { kernel: 2, stride: 2, padding: 0 }),
    bytes: 4 * (96 + 24),
  },
  {
    name: 'batch norm: statistics inside move nothing',
    shapes: { x: [2, 3, 4, 4], scale: [3], shift: [3] },
    build: (tape, { x, scale, shift }) => batchNorm(tape, x!, scale!, shift!),
    bytes: 4 * (96 + 3 + 3 + 96),
    halfBytes: 2 * 96 + 4 * 6 + 2 * 96,
  },
  {
    name: 'batch norm by running statistics',
    shapes: { x: [2, 3, 4, 4], scale: [3], shift: [3], mean: [3], variance: [3] },
    build: (tape, { x, scale, shift, mean, variance }) =>
      batchNormInference(tape, x!, scale!, shift!, { mean: mean!, variance: variance! }),
    bytes: 4 * (96 + 4 * 3 + 96),
  },
  {
    name: 'masked mean',
    shapes: { x: [2, 3, 4], mask: [2, 3] },
    build: (tape, { x, mask }) => maskedMean(tape, x!, mask!),
    bytes: 4 * (24 + 6 + 8),
  },
  {
    name: 'cross-entropy',
    shapes: { x: [3, 5], ids: [3] },
    build: (tape, { x, ids }) => crossEntropy(tape, x!, ids!),
    bytes: 4 * 15 + 8 * 3 + 4,
  },
];

function bytesOf({ shapes, build }: Case, type: 'float32' | 'float16'): number {
  const tape = new Tape(new GraphBuilder(), type);
  const inputs = Object.entries(shapes).map(([name, dims]) =>
    input(name, dims, name === 'ids' ? 'int64' : parameterNames.includes(name) ? 'float32' : type),
  );
  build(tape, Object.fromEntries(inputs.map((tensor) => [tensor.name, tensor])));
  return tape.operations.at(-1)!.bytes;
}

for (const testCase of cases) {
  t.test(`bytes of ${testCase.name}`, (t) => {
    t.equal(bytesOf(testCase, 'float32'), testCase.bytes);
    if (testCase.halfBytes !== undefined) t.equal(bytesOf(testCase, 'float16'), testCase.halfBytes, 'float16');
    t.end();
  });
}

t.test('the operations that a tensor depends on, in order, and no others', (t) => {
  const tape = new Tape();
  const [a, b] = [input('a', [3]), input('b', [3])];
  const sum = add(tape, a, b);
  relu(tape, b);
  const product = multiply(tape, sum, sum);
  relu(tape, product);
  const outputs = tape.operationsFor(product).map(({ output }: OperationRecord) => output.name);
  t.same(outputs, [sum.name, product.name]);
  t.end();
});
