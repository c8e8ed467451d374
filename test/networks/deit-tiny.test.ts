import t from 'tap';
import { networks, workload } from '#src/networks/index.js';
import type { TrainingConfig } from '#src/networks/types.js';
import { pythonWith } from '../support/python.js';
import { checkGradients, checkLossFalls, checkOptimizerSteps, type OptimizerCase } from './checks.js';

const { python, skip } = pythonWith('torch', 'numpy');
const common = { network: 'DeiT-Tiny', optimizer: 'AdamW', precision: 32, seed: 3, provider: 'cpu' } as const;
const config: TrainingConfig = { ...common, batchSize: 4, imageShape: [3, 48, 48], classes: 10, depth: 1 };
const full: TrainingConfig = { ...common, batchSize: 32, imageShape: [3, 224, 224], classes: 1000 };

t.test("gradients agree with PyTorch's in float64", { skip }, (t) =>
  checkGradients(t, python!, { ...config, imageShape: [3, 32, 48], depth: 2 }),
);

const optimizers: OptimizerCase[] = [
  { optimizer: 'AdamW', learningRate: 1e-4, options: { weight_decay: 0 } },
  { optimizer: 'Adam', learningRate: 1e-4, options: {} },
];
for (const optimizer of optimizers) {
  t.test(`ten steps of ${optimizer.optimizer} agree with PyTorch's in float64`, { skip }, (t) =>
    checkOptimizerSteps(t, python!, config, optimizer),
  );
}

t.test('the loss falls at least tenfold over 50 steps on one batch', (t) => checkLossFalls(t, config, 1e-3));

t.test('columns follow the formulas of the specification', (t) => {
  // Per token and block: 3d^2 + d^2 + 2 * seq * d * d_head + 2 * d * d_ff, with seq = 196, d = 192, d_head = 64, d_ff = 768.
  const perToken = 110_592 + 36_864 + 4_816_896 + 294_912;
  // timm's deit_tiny_patch16_224
  const parameters = 5_717_416;
  t.hasStrict(workload(full), {
    model: 'DeiT-Tiny',
    architecture: 'Transformer',
    arch_family: 'encoder_only',
    seq_len: 196,
    src_len: 196,
    tgt_len: null,
    depth: 12,
    d_model: 192,
    n_heads: 3,
    d_head: 64,
    d_ff: 768,
    ffn_multiplier: 4,
    vocab_size: null,
    img_size: 224,
    patch_size: 16,
    in_channels: 3,
    param_count: parameters,
    total_state_bytes: 12 * parameters,
    flops_fwd_per_token: perToken,
    flops_train_per_seq: perToken * 196 * 12 * 3,
    flops_train_per_batch: perToken * 196 * 12 * 3 * 32,
    act_bytes_per_seq_proxy: 196 * (192 + 768) * 4,
    arithmetic_intensity_train: (perToken * 196 * 12 * 3) / (4 * parameters + 196 * 960 * 4),
  });
  t.end();
});

t.test('its columns are those of a text network', (t) => {
  const text = { ...common, network: 'DistilBERT', batchSize: 1, sequenceLength: 8, vocabularySize: 9, classes: 2 };
  t.same(Object.keys(workload(full)).sort(), Object.keys(workload(text)).sort());
  t.end();
});

t.test('images are wanted at 224 x 224 pixels', (t) => {
  t.equal(networks['DeiT-Tiny']!.imageSize, 224);
  t.end();
});
