import t from 'tap';
import { columnsOf, type Family, type Row } from '#src/base/columns.js';
import { InputError } from '#src/base/errors.js';
import type { OperationKind } from '#src/graph/autodiff/tape.js';
import { forwardCost } from '#src/networks/costs.js';
import { defaultConfig } from '#src/networks/defaults.js';
import { networks, trainingGraph, workload } from '#src/networks/index.js';
import type { TrainingConfig } from '#src/networks/types.js';

const common = { optimizer: 'SGD', precision: 32, seed: 1, provider: 'cpu' } as const;
const resnet50: TrainingConfig = {
  ...common,
  network: 'resnet50',
  batchSize: 32,
  imageShape: [3, 64, 64],
  classes: 200,
};
const resmlp: TrainingConfig = {
  ...common,
  network: 'resmlp',
  optimizer: 'AdamW',
  batchSize: 128,
  imageShape: [3, 64, 64],
  classes: 200,
  embedDim: 128,
};
const distilbert: TrainingConfig = {
  ...common,
  network: 'DistilBERT',
  optimizer: 'AdamW',
  batchSize: 8,
  sequenceLength: 128,
  vocabularySize: 30_000,
  classes: 2,
};
const transformer: TrainingConfig = {
  ...common,
  network: 'Transformer',
  optimizer: 'AdamW',
  batchSize: 4,
  sequenceLength: 512,
  targetLength: 128,
  vocabularySize: 30_000,
  classes: 2,
};

function hasColumns(t: Tap, row: Row, expected: Row): void {
  for (const [column, value] of Object.entries(expected)) t.equal(row[column], value, column);
}
type Tap = { equal(found: unknown, wanted: unknown, message: string): boolean };

/** What the caller of `workload` adds. */
const callersColumns = ['dataset', 'dataset_size', 'learning_rate', 'disk_bytes_per_sample'];

t.test('every workload column of a family is there, but for those that the caller adds', (t) => {
  for (const config of [resnet50, resmlp, distilbert, transformer]) {
    const family = networks[config.network]!.family as Family;
    const wanted = columnsOf(family)
      .filter(({ group, name }) => /^(workload|operations)$/.test(group) && !callersColumns.includes(name))
      .map(({ name }) => name);
    t.same(Object.keys(workload(config)).sort(), wanted.sort(), config.network);
  }
  t.end();
});

t.test('resnet50 with 1000 classes has 25,557,032 parameters', (t) => {
  t.equal(workload({ ...resnet50, classes: 1000 }).param_count, 25_557_032);
  t.end();
});

t.test('columns of resnet50 equal a sum over its layers', (t) => {
  // Every convolution: kernel, channels in and out, pixels of the output; and the outputs of the ReLUs.
  const convolutions = [{ kernel: 7, from: 3, to: 64, pixels: 32 ** 2 }];
  const reluOutputs = [64 * 32 ** 2];
  let channels = 64;
  for (const { blocks, width, size } of [
    { blocks: 3, width: 64, size: 16 },
    { blocks: 4, width: 128, size: 8 },
    { blocks: 6, width: 256, size: 4 },
    { blocks: 3, width: 512, size: 2 },
  ]) {
    for (let block = 0; block < blocks; block++) {
      const pixels = size ** 2;
      const pixelsBefore = block === 0 && width > 64 ? 4 * pixels : pixels;
      convolutions.push(
        { kernel: 1, from: channels, to: width, pixels: pixelsBefore },
        { kernel: 3, from: width, to: width, pixels },
        { kernel: 1, from: width, to: 4 * width, pixels },
      );
      if (block === 0) convolutions.push({ kernel: 1, from: channels, to: 4 * width, pixels });
      reluOutputs.push(width * pixelsBefore, width * pixels, 4 * width * pixels);
      channels = 4 * width;
    }
  }
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  const flopsOf = (kernel?: number) =>
    sum(
      convolutions
        .filter((layer) => kernel === undefined || layer.kernel === kernel)
        .map((layer) => 2 * layer.kernel ** 2 * layer.from * layer.to * layer.pixels),
    );
  const forward = flopsOf() + 2 * 2048 * 200;
  const convolved = sum(convolutions.map(({ to, pixels }) => to * pixels));
  const pooled = 64 * 16 ** 2 + 2048;
  const activationBytes = 4 * (2 * convolved + sum(reluOutputs) + pooled + 200);

  hasColumns(t, workload(resnet50), {
    input_shape: '(3, 64, 64)',
    num_classes: 200,
    optimizer: 'SGD',
    batch_size: 32,
    precision: 32,
    amp: false,
    model: 'resnet50',
    architecture: 'CNN',
    depth: 54,
    param_count: 23_917_832,
    param_bytes: 95_671_328,
    optimizer_state_bytes: 95_671_328,
    master_param_bytes: 0,
    total_state_bytes: 191_342_656,
    flops_fwd_per_sample: forward,
    flops_train_per_sample: 3 * forward,
    flops_train_per_batch: 96 * forward,
    act_bytes_per_sample_proxy: activationBytes,
    arithmetic_intensity_train: (3 * forward) / (95_671_328 + activationBytes),
    flops_1x1_frac: flopsOf(1) / flopsOf(),
    flops_3x3_frac: flopsOf(3) / flopsOf(),
    flops_depthwise_frac: 0,
    flops_grouped_frac: 0,
    bn_layers: 53,
    act_layers: 49,
    sum_hwC: convolved,
    max_hwC: 64 * 32 ** 2,
  });
  t.end();
});

t.test('columns of resmlp follow the formulas of the specification', (t) => {
  // P = 64 patches of 3 * 8 * 8, D = 128, 12 blocks: 2 * 64 * 192 * 128 + 12 * (4PD + 2DP^2 + 4 * P * D * 512).
  const forward = 3_145_728 + 12 * (32_768 + 1_048_576 + 16_777_216);
  const perBlock = 2 * (2 * 128) + (64 * 64 + 64) + (128 * 512 + 512) + (512 * 128 + 128);
  const parameters = 192 * 128 + 128 + 12 * perBlock + (128 * 200 + 200);
  const activationBytes = 64 * 128 * 4 * 12;
  hasColumns(t, workload(resmlp), {
    input_shape: '(3, 64, 64)',
    architecture: 'MLP',
    embed_dim: 128,
    depth: 12,
    patch_size: 8,
    token_mlp_dim: 128,
    channel_mlp_dim: 512,
    num_patches: 64,
    flops_fwd_per_sample: forward,
    flops_train_per_batch: 3 * 128 * forward,
    param_count: parameters,
    optimizer_state_bytes: 8 * parameters,
    total_state_bytes: 12 * parameters,
    act_bytes_per_sample_proxy: activationBytes,
    arithmetic_intensity_train: (3 * forward) / (4 * parameters + activationBytes),
  });
  t.end();
});

t.test('columns of DistilBERT follow the formulas of the specification', (t) => {
  // Per token and block: 3d^2 + d^2 + 2 * seq * d * d_head + 2 * d * d_ff, with d = 256, d_head = 32, d_ff = 1024.
  const perToken = 196_608 + 65_536 + 2_097_152 + 524_288;
  const perBlock = 4 * (256 * 256 + 256) + (256 * 1024 + 1024) + (1024 * 256 + 256) + 2 * 512;
  const parameters = 30_000 * 256 + 128 * 256 + 6 * perBlock + 512 + (256 * 2 + 2);
  hasColumns(t, workload(distilbert), {
    amp_enabled: false,
    arch_family: 'encoder_only',
    seq_len: 128,
    src_len: 128,
    tgt_len: null,
    effective_batch_size: 8,
    depth: 6,
    d_model: 256,
    n_heads: 8,
    d_head: 32,
    d_ff: 1024,
    ffn_multiplier: 4,
    vocab_size: 30_000,
    img_size: null,
    flops_fwd_per_token: perToken,
    flops_train_per_seq: perToken * 128 * 6 * 3,
    flops_train_per_batch: perToken * 128 * 6 * 3 * 8,
    param_count: parameters,
    act_bytes_per_seq_proxy: 128 * (256 + 1024) * 4,
    arithmetic_intensity_train: (perToken * 128 * 6 * 3) / (4 * parameters + 128 * 1280 * 4),
  });
  t.end();
});

t.test('columns of Transformer follow the formulas of the specification', (t) => {
  // Per token and block: 3d^2 + d^2 + 2 * seq * d * d_head + 2 * d * d_ff, with d = 512, d_head = 64, d_ff = 2048, and the
  // length of the source: CNN/DailyMail's.
  const perToken = 786_432 + 262_144 + 33_554_432 + 2_097_152;
  // torch.nn.Transformer(512), two embeddings and the projection to the vocabulary.
  const parameters = 44_140_544 + 2 * 30_000 * 512 + (30_000 * 512 + 30_000);
  hasColumns(t, workload(transformer), {
    arch_family: 'encoder_decoder',
    seq_len: null,
    src_len: 512,
    tgt_len: 128,
    effective_batch_size: 4,
    depth: 12,
    d_model: 512,
    n_heads: 8,
    d_head: 64,
    d_ff: 2048,
    ffn_multiplier: 4,
    activation: 'relu',
    norm_style: 'postln',
    norm_impl: 'LayerNorm',
    positional_encoding: 'sinusoidal',
    attention_pattern: 'causal',
    vocab_size: 30_000,
    img_size: null,
    flops_fwd_per_token: perToken,
    flops_train_per_seq: perToken * 512 * 12 * 3,
    flops_train_per_batch: perToken * 512 * 12 * 3 * 4,
    param_count: parameters,
    optimizer_state_bytes: 8 * parameters,
    act_bytes_per_seq_proxy: 512 * (512 + 2048) * 4,
    arithmetic_intensity_train: (perToken * 512 * 12 * 3) / (4 * parameters + 512 * 2560 * 4),
  });
  t.end();
});

t.test('the optimizer state is one value per parameter and moment', (t) => {
  for (const [optimizer, moments] of [
    ['SGD', 1],
    ['Adam', 2],
    ['AdamW', 2],
    ['Adafactor', 1],
  ] as const) {
    const { param_bytes, optimizer_state_bytes } = workload({ ...distilbert, optimizer });
    t.equal(optimizer_state_bytes, moments * (param_bytes as number), optimizer);
  }
  t.end();
});

t.test('precision 16 halves activations and adds a master copy', (t) => {
  const [full, half] = [workload(resmlp), workload({ ...resmlp, precision: 16 })];
  t.equal(half.amp, true);
  t.equal(half.master_param_bytes, full.param_bytes);
  t.equal(half.act_bytes_per_sample_proxy, (full.act_bytes_per_sample_proxy as number) / 2);
  t.end();
});

const badConfigs: { name: string; config: TrainingConfig; message: RegExp }[] = [
  {
    name: 'an unknown network, with the nearest name',
    config: { ...resnet50, network: 'resnet5O' },
    message: /Unknown network 'resnet5O'.*resnet50, .*DistilBERT.*Did you mean resnet50\?/,
  },
  { name: 'a name like nothing known', config: { ...resnet50, network: 'qqq' }, message: /expected one of [^?]*$/ },
  { name: 'images that patches do not tile', config: { ...resmlp, imageShape: [3, 30, 32] }, message: /30 x 32/ },
  {
    name: 'a sequence-to-sequence network without a length of its target',
    config: { ...distilbert, network: 'Transformer' },
    message: /Transformer needs targetLength/,
  },
  { name: 'a text network without a length', config: { ...resmlp, network: 'DistilBERT' }, message: /sequenceLength/ },
];
for (const { name, config, message } of badConfigs) {
  t.test(`refuses ${name}`, (t) => {
    t.throws(() => trainingGraph(config), { constructor: InputError, message });
    t.end();
  });
}

t.test('operations of a step are three times those of a forward pass on the whole batch, by class', (t) => {
  for (const [name, precision] of Object.keys(networks).flatMap((each) => [[each, 32] as const, [each, 16] as const])) {
    const config: TrainingConfig = { ...defaultConfig(name, 'cuda'), batchSize: 6, precision };
    const { total, byKind } = forwardCost(config, 'inference');
    const loss = forwardCost(config).byKind.loss!;
    const of = (...kinds: OperationKind[]) => {
      const costs = kinds.map((kind) => byKind[kind] ?? { flops: 0, bytes: 0 });
      return {
        flops: 3 * costs.reduce((sum, cost) => sum + cost.flops, 0),
        bytes: 3 * costs.reduce((sum, cost) => sum + cost.bytes, 0),
      };
    };
    const row = workload(config);
    const products = of('linear', 'product');
    t.equal(row.flops_matmul_exec, products.flops, `${name}, ${precision} bits: FLOPs of matrix products`);
    t.equal(row.bytes_matmul_exec, products.bytes, `${name}: bytes of matrix products`);
    t.equal(row.bytes_embedding_exec, of('embedding').bytes, `${name}: bytes of embeddings`);
    const convolutions = of('convolution');
    if (name === 'mobilenetv2') {
      // 7 % of its FLOPs are depthwise, and a good part of the bytes
      t.ok(Number(row.flops_conv_exec) < 0.95 * convolutions.flops, 'depthwise convolutions are no matrix products');
      t.ok(Number(row.bytes_conv_exec) < 0.9 * convolutions.bytes);
    } else {
      t.equal(row.flops_conv_exec, convolutions.flops, `${name}: FLOPs of convolutions`);
      t.equal(row.bytes_conv_exec, convolutions.bytes, `${name}: bytes of convolutions`);
    }
    // a class token is laid out once for all of a batch that shares it, so the rest may differ by a trifle
    const near = (column: string, expected: number) =>
      t.ok(Math.abs(Number(row[column]) / expected - 1) < 1e-4, `${name}: ${column} ${row[column]}, ${expected}`);
    near('flops_exec_per_batch', 3 * (total.flops + loss.flops));
    near('bytes_exec_per_batch', 3 * (total.bytes + loss.bytes));
    t.equal(row.n_ops_exec, 3 * (total.operations + 1), `${name}: the loss is one too`);
  }
  t.end();
});
