import type { Row } from '#src/base/columns.js';
import { MersenneTwister } from '#src/base/random.js';
import { caseOf } from '#src/model/hybrid/cases.js';
import { type DeviceTerm, deviceTerms } from '#src/physics/device-terms.js';

/** GPUs of five families that nobody sells. */
export const cards = [
  { gpu_name: 'one', gpu_arch: 'A', SM: 20, FP32: 5000, bandwidth: 200, watts: 75, l2: 2 },
  { gpu_name: 'two', gpu_arch: 'B', SM: 40, FP32: 8000, bandwidth: 320, watts: 70, l2: 4 },
  { gpu_name: 'three', gpu_arch: 'C', SM: 80, FP32: 15000, bandwidth: 900, watts: 300, l2: 6 },
  { gpu_name: 'four', gpu_arch: 'D', SM: 108, FP32: 19500, bandwidth: 1555, watts: 250, l2: 40 },
  { gpu_name: 'five', gpu_arch: 'E', SM: 132, FP32: 66900, bandwidth: 3350, watts: 700, l2: 50 },
].map(({ bandwidth, watts, l2, ...card }) => ({
  ...card,
  'GPU Memory Bandwidth (GB/s)': bandwidth,
  'Memory (GB)': 16,
  'TDP (W)': watts,
  'L2 (MB)': l2,
}));

/** Coefficients of a made-up world: steps take what the formula says with these. */
export const world: Readonly<Partial<Record<DeviceTerm, number>>> = {
  roofline: 0.8,
  refill: 0.3,
  vector: 1.5,
  launch: 1.2,
  iteration: 2,
  update: 1,
};

/** Another, in which convolutions, matrix products and element-wise operations each have their own share of the sheet. */
export const classWorld: Readonly<Partial<Record<DeviceTerm, number>>> = {
  matrix: 0.7,
  convolution: 2.5,
  pointwise: 4,
  launch: 1.2,
  iteration: 2,
};

/** What a step of this row takes in a made-up world. */
export const worldMs = (row: Row, of = world): number =>
  caseOf(row).terms.reduce((sum, term, i) => sum + term * (of[deviceTerms[i]!] ?? 0), 0);

/** The row with its work by class of operator, and the time that it takes in the world of classes. */
export function byClass(row: Row, network: string, shares: { matrix: number; convolution: number }, factor = 1): Row {
  const flops = Number(row.flops_train_per_batch);
  const bytes = 3e7 * Number(row.batch_size);
  const told: Row = {
    ...row,
    model: network,
    n_ops_exec: 9 * Number(row.depth),
    bytes_exec_per_batch: bytes,
    flops_exec_per_batch: 1.01 * flops,
    flops_matmul_exec: shares.matrix * flops,
    bytes_matmul_exec: 0.3 * shares.matrix * bytes,
    flops_conv_exec: shares.convolution * flops,
    bytes_conv_exec: 0.3 * shares.convolution * bytes,
    bytes_embedding_exec: 0.01 * bytes,
  };
  told.avg_batch_time_ms = worldMs(told, classWorld) * factor;
  told.T_gpu_ms = told.avg_batch_time_ms;
  return told;
}

/** Rows of the made-up world, `factor` times as slow as its formula, with noise of that relative size. */
export function rowsOf(card: (typeof cards)[number], count: number, { noise = 0, factor = 1, seed = 1 } = {}): Row[] {
  const random = new MersenneTwister(seed + card.SM);
  const uniform = () => random.uint32() / 2 ** 32;
  return Array.from({ length: count }, (_, i) => {
    const batch = 2 ** (3 + (i % 5));
    const scale = Math.exp(3 * uniform());
    const row: Row = {
      ...card,
      record_id: `${card.gpu_name}-${i}`,
      batch_size: batch,
      architecture: 'CNN',
      depth: Math.round(10 + 90 * uniform()),
      flops_train_per_batch: 3e9 * scale * batch,
      act_bytes_per_sample_proxy: 3e6 * scale * Math.exp(uniform()),
      param_bytes: Math.round(1e8 * uniform() + 1e6),
      optimizer_state_bytes: 0,
      input_shape: '(3, 64, 64)',
      optimizer: 'SGD',
      precision: 32,
    };
    row.avg_batch_time_ms = worldMs(row) * factor * Math.exp(noise * (uniform() + uniform() + uniform() - 1.5) * 2);
    row.T_gpu_ms = row.avg_batch_time_ms;
    return row;
  });
}
