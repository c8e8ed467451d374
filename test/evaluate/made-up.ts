import type { Row } from '#src/base/columns.js';
import { MersenneTwister } from '#src/base/random.js';
import type { PredictionRow } from '#src/base/tables.js';
import { parseBoosterOptions } from '#src/model/booster-options.js';
import type { RecordTable } from '#src/records/read.js';

export const prediction = (
  model: string,
  vcpu: number | null,
  storage: string | null,
  [actual, orion, prenet]: [number, number, number],
): PredictionRow => ({
  record_id: '1',
  gpu_name: 'NVIDIA L4',
  model,
  dataset: 'CIFAR10',
  batch_size: 32,
  vcpu,
  storage,
  fold: 0,
  actual_ms: actual,
  pred_orion_ms: orion,
  pred_prenet_ms: prenet,
});

const l4 = { 'GPU Memory Bandwidth (GB/s)': 300, 'Memory (GB)': 24, SM: 58, FP32: 30290 };
const a100 = { 'GPU Memory Bandwidth (GB/s)': 1935, 'Memory (GB)': 80, SM: 108, FP32: 19490 };

/** Records of two models on two GPUs with times that follow the work, and noise. */
export function madeUpTable(rows: number): RecordTable {
  const random = new MersenneTwister(3);
  const made = Array.from({ length: rows }, (_, row): Row => {
    const batch = [32, 64, 128][row % 3]!;
    const flops = batch * (row % 2 === 0 ? 1e9 : 4e9);
    const gpuTime = flops / 1e10 + random.float64();
    return {
      model: row % 2 === 0 ? 'resnet50' : 'vgg16',
      gpu_name: row % 4 < 2 ? 'NVIDIA L4' : 'NVIDIA A100 80GB PCIe',
      gpu_arch: row % 4 < 2 ? 'Ada Lovelace' : 'Ampere',
      batch_size: batch,
      learning_rate: [0.001, 0.002][Math.floor(row / 12) % 2]!,
      flops_train_per_batch: flops,
      vcpu: [4, 8][row % 2]!,
      storage: 'SSD',
      ...(row % 4 < 2 ? l4 : a100),
      T_gpu_ms: gpuTime,
      avg_batch_time_ms: gpuTime + random.float64(),
    };
  });
  return { columns: Object.keys(made[0]!), rows: made, files: [], ignored: 0, emulated: 0 };
}

export const quick = parseBoosterOptions('n_estimators=20,max_depth=4');
