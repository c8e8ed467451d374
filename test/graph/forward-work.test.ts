import t from 'tap';
import { InputError } from '#src/base/errors.js';
import { MersenneTwister } from '#src/base/random.js';
import { forwardWork } from '#src/graph/inspect/forward-work.js';
import { encodeModel } from '#src/graph/onnx/encode.js';
import type { Attribute, Dims, OnnxNode, TensorData, ValueInfo } from '#src/graph/onnx/types.js';
import { forwardCost } from '#src/networks/costs.js';
import { defaultConfig } from '#src/networks/defaults.js';
import { inferenceGraph, workload } from '#src/networks/index.js';

const asGiven = { shapes: new Map<string, number[]>() };

// The counts of our own graphs come from the operations that made them, not from the file.
for (const name of ['resnet50', 'mobilenetv2', 'mixer', 'DistilBERT', 'Transformer']) {
  t.test(`${name}: the file tells the work that its operations declare`, async (t) => {
    const config = defaultConfig(name);
    const { byKind } = forwardCost(config, 'inference');
    const flopsOf = (kind: string) => Object.entries(byKind).find(([each]) => each === kind)?.[1].flops ?? 0;
    const work = forwardWork(inferenceGraph(config).model, name, asGiven);
    t.equal(work.flops, flopsOf('convolution') + flopsOf('linear') + flopsOf('product'));
    t.equal(work.batchSize, config.batchSize);
    // what is moved, 4 bytes a scalar; depthwise convolutions are among the others, and token ids have 8 bytes
    const { matrix, convolution, embedding, other } = work.classes;
    const row = workload(config);
    const bytes = (column: string) => Number(row[column]) / 3;
    t.equal(4 * matrix.scalars, bytes('bytes_matmul_exec'), 'bytes of matrix products');
    t.equal(4 * convolution.scalars, bytes('bytes_conv_exec'), 'bytes of convolutions');
    t.equal(3 * convolution.flops, row.flops_conv_exec, 'FLOPs of convolutions');
    t.ok(Math.abs(4 * embedding.scalars - bytes('bytes_embedding_exec')) <= 0.01 * bytes('bytes_embedding_exec'));
    t.ok(other.scalars > 0);
  });
}

const weight = (name: string, dims: number[]): TensorData => ({
  name,
  type: 'float32',
  dims,
  content: new Uint8Array(4 * dims.reduce((a, b) => a * b, 1)),
});

const node = (
  operator: string,
  inputs: string[],
  output: string,
  attributes: Record<string, Attribute> = {},
): OnnxNode => ({ name: output, operator, domain: '', inputs, outputs: [output], attributes });

/** Convolution 3 -> 4 of 3 x 3, halving; mean over pixels; linear 4 -> 10. */
function small(input: Dims, nodes: OnnxNode[] = []): Uint8Array {
  return encodeModel({
    name: 'small',
    nodes: [
      node('Conv', ['x', 'w'], 'c', { strides: { ints: [2, 2] }, pads: { ints: [1, 1, 1, 1] } }),
      node('Relu', ['c'], 'r'),
      node('GlobalAveragePool', ['r'], 'p'),
      node('Flatten', ['p'], 'f'),
      node('Gemm', ['f', 'v'], 'y', { transB: { int: 1 } }),
      ...nodes,
    ],
    initialisers: [weight('w', [4, 3, 3, 3]), weight('v', [10, 4])],
    inputs: [{ name: 'x', type: 'float32', dims: input }],
    outputs: [{ name: 'y', type: 'float32', dims: ['batch', 10] }],
  });
}

t.test('a small network, by hand', async (t) => {
  t.same(forwardWork(small([2, 3, 8, 8]), 'small.onnx', asGiven), {
    batchSize: 2,
    inputs: [{ name: 'x', dims: [2, 3, 8, 8] }],
    parameters: 4 * 27 + 40,
    flops: 2 * (2 * 4 * 16) * 27 + 2 * (2 * 10) * 4,
    // each input read, each output written: images 384, 128 outputs of the convolution, 8 means, 20 logits
    classes: {
      matrix: { flops: 2 * (2 * 10) * 4, scalars: 8 + 40 + 20 },
      convolution: { flops: 2 * (2 * 4 * 16) * 27, scalars: 384 + 108 + 128 },
      embedding: { flops: 0, scalars: 0 },
      other: { flops: 128 + 8, scalars: 128 + 128 + 128 + 8 },
    },
    activations: 2 * (64 + 64 + 4 + 10),
    layers: 2,
    kernels: 4,
    convolutional: true,
  });
});

t.test('what is known before a run is not counted, and an embedding reads the rows that it gives', async (t) => {
  const ids: ValueInfo = { name: 'ids', type: 'int64', dims: [2, 7] };
  const model = encodeModel({
    name: 'embedding',
    nodes: [
      node('Shape', ['ids'], 's'),
      node('Gather', ['s', 'zero'], 'n'),
      node('Gather', ['table', 'ids'], 'e'),
      node('MatMul', ['e', 'w'], 'y'),
    ],
    initialisers: [
      weight('table', [100, 4]),
      weight('w', [4, 3]),
      { name: 'zero', type: 'int64', dims: [1], content: new Uint8Array(8) },
    ],
    inputs: [ids],
    outputs: [{ name: 'y', type: 'float32', dims: [2, 7, 3] }],
  });
  const { kernels, classes } = forwardWork(model, 'embedding.onnx', asGiven);
  t.equal(kernels, 2, 'the batch size is read from a shape');
  t.same(classes.embedding, { flops: 0, scalars: 2 * 56 + 14 });
  t.same(classes.matrix, { flops: 2 * 42 * 4, scalars: 56 + 12 + 42 });
});

t.test('open extents: a batch by its size, anything by the shape', async (t) => {
  const open = small(['batch', 3, 8, 8]);
  const fixed = forwardWork(small([5, 3, 8, 8]), 'small.onnx', asGiven);
  t.same(forwardWork(open, 'small.onnx', { ...asGiven, batchSize: 5 }), fixed);
  t.same(forwardWork(small(['n', 3, 'h', 'w']), 'small.onnx', { shapes: new Map([['x', [5, 3, 8, 8]]]) }), fixed);
  t.throws(() => forwardWork(open, 'small.onnx', asGiven), {
    name: 'InputError',
    message:
      /^small\.onnx: its input 'x' has \(batch, 3, 8, 8\); give --batch-size N, or all its extents: --shape x=32,3,224,224\.$/,
  });
  t.throws(
    () => forwardWork(small([2, 3, 'h', 8]), 'small.onnx', { ...asGiven, batchSize: 4 }),
    /its input 'x' has \(2, 3, h, 8\); give all its/,
  );
});

t.test('what cannot be told gets its sentence', async (t) => {
  const strange = small([2, 3, 8, 8], [node('NonMaxSuppression', ['y'], 'z')]);
  t.throws(() => forwardWork(strange, 'a.onnx', asGiven), /^a\.onnx: the shape behind 'z' \(NonMaxSuppression\)/);
  const wrong = small([2, 5, 8, 8]);
  t.throws(() => forwardWork(wrong, 'a.onnx', asGiven), /the shape behind 'c' \(Conv\) cannot be told/);
  t.throws(
    () => forwardWork(new TextEncoder().encode('not a model'), 'a.onnx', asGiven),
    /a\.onnx is not an ONNX model/,
  );
  t.throws(() => forwardWork(new Uint8Array(), 'a.onnx', asGiven), /there is no graph in it/);
});

t.test('10,000 mutated files: work, or a sentence', async (t) => {
  const original = small([2, 3, 8, 8]);
  const random = new MersenneTwister(11);
  let told = 0;
  for (let i = 0; i < 10_000; i++) {
    const mutated = original.slice(0, i % 10 === 0 ? random.uint32() % original.length : original.length);
    const changes = 1 + (i % 4);
    for (let j = 0; j < changes && mutated.length > 0; j++) {
      mutated[random.uint32() % mutated.length] = random.uint32() % 256;
    }
    try {
      const { flops } = forwardWork(mutated, 'mutated.onnx', asGiven);
      if (!(flops > 0 && Number.isFinite(flops))) t.fail(`mutation ${i}: ${flops}`);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      told++;
    }
  }
  t.ok(told > 1000, `${told} of them were refused`);
});
