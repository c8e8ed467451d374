import t from 'tap';
import { MersenneTwister } from '#src/base/random.js';
import { elementCount } from '#src/graph/shape.js';
import { forwardCost } from '#src/networks/costs.js';
import { trainingGraph } from '#src/networks/index.js';
import type { TrainingConfig } from '#src/networks/types.js';
import { pythonWith } from '../support/python.js';
import { randomBatch } from './batch.js';
import { runMirror } from './mirror.js';
import { smallConfigs } from './small-configs.js';

const { python, skip } = pythonWith('torch', 'numpy');
const common = { precision: 32, seed: 1, provider: 'cpu' } as const;

t.test('one block of resmlp by hand', (t) => {
  const config: TrainingConfig = {
    ...common,
    network: 'resmlp',
    optimizer: 'SGD',
    batchSize: 2,
    imageShape: [3, 32, 32],
    classes: 10,
    embedDim: 64,
    depth: 1,
  };
  // N = 2 images, P = 16 patches of 192 values, D = 64, hidden 256. Elements of [N, P, D]: 2048; of the images: 6144.
  const { total, byKind } = forwardCost(config);
  t.same(byKind, {
    // GELU on [N, P, 256].
    activation: { operations: 1, flops: 5 * 8192, bytes: 4 * (8192 + 8192) },
    // Two residual sums, the mean over patches.
    elementwise: { operations: 3, flops: 2048 + 2048 + 2048, bytes: 4 * (2 * 3 * 2048 + 2048 + 128) },
    // Patches: two views around a transposition. Across patches: two transpositions.
    layout: { operations: 5, flops: 0, bytes: 4 * (2 * 6144 + 2 * 2 * 2048) },
    // Embedding, across patches, channels there and back, head.
    linear: {
      operations: 5,
      flops: 2 * (32 * 192 * 64 + 128 * 16 * 16 + 2 * 32 * 64 * 256 + 2 * 64 * 10),
      bytes:
        4 *
        (6144 +
          192 * 64 +
          64 +
          2048 +
          (2048 + 16 * 16 + 16 + 2048) +
          (2048 + 64 * 256 + 256 + 8192) +
          (8192 + 256 * 64 + 64 + 2048) +
          (128 + 640 + 10 + 20)),
    },
    loss: { operations: 1, flops: 4 * 20, bytes: 4 * 20 + 8 * 2 + 4 },
    normalisation: { operations: 2, flops: 2 * 8 * 2048, bytes: 2 * 4 * (2048 + 2 * 64 + 2048) },
  });
  const kinds = Object.values(byKind);
  for (const of of ['operations', 'flops', 'bytes'] as const) {
    t.equal(
      total[of],
      kinds.reduce((sum, cost) => sum + cost[of], 0),
      `${of} in all`,
    );
  }
  t.end();
});

t.test('one block of DistilBERT by hand', (t) => {
  const config: TrainingConfig = {
    ...common,
    network: 'DistilBERT',
    optimizer: 'AdamW',
    batchSize: 2,
    sequenceLength: 8,
    vocabularySize: 100,
    classes: 2,
    depth: 1,
  };
  // 2 x 8 tokens of 256, 8 heads of 32: x has 4096 elements, the scores 2 * 8 * 8 * 8 = 1024, the hidden layer 16,384.
  const projection = 4096 + 256 * 256 + 256 + 4096;
  t.same(forwardCost(config).byKind, {
    activation: { operations: 1, flops: 5 * 16384, bytes: 4 * 2 * 16384 },
    // Positions, mask, softmax, two residual sums, the mean over tokens.
    elementwise: {
      operations: 6,
      flops: 4096 + 1024 + 5 * 1024 + 2 * 4096 + 2 * 4096,
      bytes: 4 * (4096 + 8 * 256 + 4096 + (1024 + 16 + 1024) + 2 * 1024 + 2 * 3 * 4096 + (4096 + 16 + 512)),
    },
    embedding: { operations: 1, flops: 0, bytes: 4 * 4096 + 8 * 16 + 4 * 4096 },
    // Heads of query, key and value, and back: a view and a transposition each.
    layout: { operations: 8, flops: 0, bytes: 4 * (4 * 2 * 4096) },
    linear: {
      operations: 7,
      flops: 2 * (4 * 16 * 256 * 256 + 2 * 16 * 256 * 1024 + 2 * 256 * 2),
      bytes:
        4 *
        (4 * projection + (4096 + 256 * 1024 + 1024 + 16384) + (16384 + 1024 * 256 + 256 + 4096) + (512 + 512 + 2 + 4)),
    },
    loss: { operations: 1, flops: 4 * 4, bytes: 4 * 4 + 8 * 2 + 4 },
    normalisation: { operations: 3, flops: 3 * 8 * 4096, bytes: 3 * 4 * (4096 + 512 + 4096) },
    // Queries with keys, weights with values.
    product: { operations: 2, flops: 2 * 2 * 1024 * 32, bytes: 4 * (2 * 4096 + 1024 + (1024 + 2 * 4096)) },
  });
  t.end();
});

t.test('the first layers of vgg16 in precision 16: images and parameters are float32', (t) => {
  const small = { ...smallConfigs.vgg16!, width: 1 };
  const bytes = (precision: 16 | 32) => forwardCost({ ...small, precision }).byKind;
  const [full, half] = [bytes(32), bytes(16)];
  t.equal(half.activation!.bytes, full.activation!.bytes / 2);
  t.equal(half.pooling!.bytes, full.pooling!.bytes / 2);
  const images = 4 * elementCount([small.batchSize, ...small.imageShape!]);
  // Weights and biases of thirteen convolutions.
  const channels = [3, 64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512, 512];
  const parameters = 4 * channels.slice(1).reduce((sum, to, index) => sum + 9 * channels[index]! * to + to, 0);
  const whole = images + parameters;
  t.equal(half.convolution!.bytes, whole + (full.convolution!.bytes - whole) / 2);
  t.same(
    Object.entries(half).map(([kind, { flops }]) => [kind, flops]),
    Object.entries(full).map(([kind, { flops }]) => [kind, flops]),
    'FLOPs do not depend on it',
  );
  t.end();
});

t.test('a larger batch reads the parameters once all the same', (t) => {
  const config = smallConfigs.mixer!;
  const linear = (batchSize: number) => forwardCost({ ...config, batchSize }).byKind.linear!.bytes;
  const parameters = 2 * linear(4) - linear(8);
  const weights = trainingGraph(config).parameters.filter(({ name }) => !name.includes('norm'));
  t.equal(
    parameters,
    weights.reduce((sum, { dims }) => sum + 4 * elementCount(dims), 0),
  );
  t.end();
});

t.test('inference has no loss, and its batch norms read statistics instead of making them', (t) => {
  const config = { ...smallConfigs.resnet50!, width: 1 };
  const [training, inference] = [forwardCost(config), forwardCost(config, 'inference')];
  t.notOk(inference.byKind.loss);
  t.equal(inference.byKind.normalisation!.flops, training.byKind.normalisation!.flops / 4, '2 FLOPs in place of 8');
  const channels = 26_560;
  t.equal(inference.byKind.normalisation!.bytes, training.byKind.normalisation!.bytes + 2 * 4 * channels);
  t.same(inference.byKind.convolution, training.byKind.convolution);
  t.end();
});

t.test('no cost depends on how a provider formulates an operation', (t) => {
  for (const config of Object.values(smallConfigs)) {
    t.same(forwardCost({ ...config, provider: 'webgpu' }), forwardCost(config), config.network);
  }
  t.end();
});

/** The kinds of PyTorch's operations. */
const torchKinds = {
  convolution: ['convolution'],
  normalisation: ['native_batch_norm'],
  activation: ['relu', 'hardtanh'],
  pooling: ['max_pool2d_with_indices', 'avg_pool2d', '_adaptive_avg_pool2d', 'mean'],
  linear: ['addmm'],
  elementwise: ['add'],
  layout: ['cat'],
} as const;

for (const network of ['resnet50', 'vgg16', 'densenet121', 'mobilenetv2']) {
  t.test(`bytes of ${network} are those of the tensors that PyTorch's operations see`, { skip }, async (t) => {
    const config = smallConfigs[network]!;
    const graph = trainingGraph(config);
    const [inputSpec, labelSpec] = graph.inputs as [(typeof graph.inputs)[0], (typeof graph.inputs)[0]];
    const { inputs, labels } = randomBatch(config, graph.inputs, new MersenneTwister(1));
    const job = {
      ...config,
      task: 'traffic',
      parameterDims: graph.parameters.map(({ dims }) => dims),
    } as const;
    const parameters = graph.parameters.map(({ dims }) => new Float32Array(elementCount(dims)));
    const data = { parameters, inputs, inputSpec, labels, labelSpec };
    const { traffic } = (await runMirror(python!, job, data, ['float32'])).float32;
    const seen = new Set(Object.values(torchKinds).flat());
    t.same(
      Object.keys(traffic!).filter((name) => !(seen as Set<string>).has(name)),
      [],
      'every operation has a kind',
    );
    const { byKind } = forwardCost(config, 'training');
    for (const [kind, operations] of Object.entries(torchKinds)) {
      const expected = operations.reduce((sum, name) => sum + (traffic![name] ?? 0), 0);
      t.equal(byKind[kind as keyof typeof torchKinds]?.bytes ?? 0, expected, kind);
    }
  });
}
