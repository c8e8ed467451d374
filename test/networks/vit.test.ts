import t from 'tap';
import { networks, workload } from '#src/networks/index.js';
import type { TrainingConfig } from '#src/networks/types.js';
import { pythonWith } from '../support/python.js';
import { checkGradients, checkLossFalls, checkOptimizerSteps, type OptimizerCase } from './checks.js';

const { python, skip } = pythonWith('torch', 'numpy');
const common = { network: 'ViT', optimizer: 'AdamW', precision: 32, seed: 3, provider: 'cpu' } as const;
const config: TrainingConfig = { ...common, batchSize: 2, imageShape: [3, 32, 32], classes: 10, depth: 1 };
const full: TrainingConfig = { ...common, batchSize: 8, imageShape: [3, 224, 224], classes: 1000 };

t.test("gradients agree with PyTorch's in float64", { skip }, (t) => checkGradients(t, python!, config));

const optimizers: OptimizerCase[] = [
  { optimizer: 'AdamW', learningRate: 1e-4, options: { weight_decay: 0 } },
  { optimizer: 'Adam', learningRate: 1e-4, options: {} },
];
for (const optimizer of optimizers) {
  t.test(`ten steps of ${optimizer.optimizer} agree with PyTorch's in float64`, { skip }, (t) =>
    checkOptimizerSteps(t, python!, config, optimizer),
  );
}

t.test('the loss falls at least tenfold over 50 steps on one batch', (t) => checkLossFalls(t, config, 1e-4));

t.test('columns follow the formulas of the specification', (t) => {
  // Per token and block: 3d^2 + d^2 + 2 * seq * d * d_head + 2 * d * d_ff, with seq = 196, d = 768, d_head = 64, d_ff = 3072.
  const perToken = 1_769_472 + 589_824 + 19_267_584 + 4_718_592;
  // timm's vit_base_patch16_224
  const parameters = 86_567_656;
  t.hasStrict(workload(full), {
    model: 'ViT',
    arch_family: 'encoder_only',
    seq_len: 196,
    depth: 12,
    d_model: 768,
    n_heads: 12,
    d_head: 64,
    d_ff: 3072,
    img_size: 224,
    patch_size: 16,
    in_channels: 3,
    param_count: parameters,
    flops_fwd_per_token: perToken,
    flops_train_per_seq: perToken * 196 * 12 * 3,
    flops_train_per_batch: perToken * 196 * 12 * 3 * 8,
    act_bytes_per_seq_proxy: 196 * (768 + 3072) * 4,
    arithmetic_intensity_train: (perToken * 196 * 12 * 3) / (4 * parameters + 196 * 3840 * 4),
  });
  t.end();
});

t.test('images are wanted at 224 x 224 pixels', (t) => {
  t.equal(networks.ViT!.imageSize, 224);
  t.end();
});
