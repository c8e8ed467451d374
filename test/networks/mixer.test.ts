import t from 'tap';
import { workload } from '#src/networks/index.js';
import type { TrainingConfig } from '#src/networks/types.js';
import { pythonWith } from '../support/python.js';
import { checkGradients, checkLossFalls, checkOptimizerSteps, type OptimizerCase } from './checks.js';

const { python, skip } = pythonWith('torch', 'numpy');
const common = {
  network: 'mixer',
  optimizer: 'SGD',
  precision: 32,
  seed: 3,
  provider: 'cpu',
} as const;
const config: TrainingConfig = {
  ...common,
  batchSize: 8,
  imageShape: [3, 32, 24],
  classes: 10,
  embedDim: 32,
  depth: 2,
};

t.test("gradients agree with PyTorch's in float64", { skip }, (t) =>
  checkGradients(t, python!, { ...config, batchSize: 4, depth: 3 }),
);

const optimizers: OptimizerCase[] = [
  { optimizer: 'SGD', learningRate: 0.05, options: { momentum: 0.9, weight_decay: 5e-4 } },
  { optimizer: 'AdamW', learningRate: 1e-3, options: { weight_decay: 0.05 } },
];
for (const optimizer of optimizers) {
  t.test(`ten steps of ${optimizer.optimizer} agree with PyTorch's in float64`, { skip }, (t) =>
    checkOptimizerSteps(t, python!, config, optimizer),
  );
}

t.test('the loss falls at least tenfold over 50 steps on one batch', (t) => checkLossFalls(t, config, 0.05));

t.test('columns follow the formulas of the specification', (t) => {
  // P = 64 patches of 3 * 8 * 8, D = 128, 10 blocks: 2 * 64 * 192 * 128 + 10 * (4PD + 4 * D * P * 128 + 4 * P * D * 512).
  const forward = 3_145_728 + 10 * (32_768 + 4_194_304 + 16_777_216);
  const across = 64 * 128 + 128 + (128 * 64 + 64);
  const perBlock = 2 * (2 * 128) + across + (128 * 512 + 512) + (512 * 128 + 128);
  const parameters = 192 * 128 + 128 + 10 * perBlock + (128 * 200 + 200);
  const activationBytes = 64 * 128 * 4 * 10;
  const tinyImageNet: TrainingConfig = {
    ...common,
    optimizer: 'AdamW',
    batchSize: 32,
    imageShape: [3, 64, 64],
    classes: 200,
    embedDim: 128,
  };
  t.hasStrict(workload(tinyImageNet), {
    input_shape: '(3, 64, 64)',
    model: 'mixer',
    architecture: 'MLP',
    embed_dim: 128,
    depth: 10,
    patch_size: 8,
    token_mlp_dim: 128,
    channel_mlp_dim: 512,
    num_patches: 64,
    flops_fwd_per_sample: forward,
    flops_train_per_batch: 3 * 32 * forward,
    param_count: parameters,
    total_state_bytes: 12 * parameters,
    act_bytes_per_sample_proxy: activationBytes,
    arithmetic_intensity_train: (3 * forward) / (4 * parameters + activationBytes),
  });
  const stl10: TrainingConfig = { ...tinyImageNet, imageShape: [3, 96, 96], classes: 10, embedDim: 512 };
  t.hasStrict(workload(stl10), { depth: 8, num_patches: 144, token_mlp_dim: 256 });
  t.end();
});
