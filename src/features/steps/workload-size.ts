import type { Family } from '../../base/columns.js';
import { type Frame, floored } from '../frame.js';

const perSample: Record<Family, { prefix: string; unit: 'sample' | 'seq' }> = {
  cnn: { prefix: 'F_CNN', unit: 'sample' },
  mlp: { prefix: 'F_MLP', unit: 'sample' },
  transformer: { prefix: 'F_TR', unit: 'seq' },
};

const firstPresent = (values: number[]): number => values.find((value) => !Number.isNaN(value)) ?? Number.NaN;

/** First present of a row's own, target and source length, in tokens. */
function effectiveSequenceLength(frame: Frame): Float64Array {
  const lengths = ['seq_len', 'tgt_len', 'src_len']
    .map((name) => frame.get(name))
    .filter((column) => column !== undefined);
  return Float64Array.from({ length: frame.rows }, (_, row) => firstPresent(lengths.map((column) => column[row]!)));
}

/** Step 4: training FLOPs of a sample and of a batch, and their logarithms. */
export function addWorkloadSize(frame: Frame, family: Family): void {
  const { prefix, unit } = perSample[family];
  const same = (value: number) => value;
  frame.derive(`${prefix}_${unit}`, [`flops_train_per_${unit}`], same);
  frame.derive(`${prefix}_batch`, ['flops_train_per_batch'], same);
  frame.derive(`log_${prefix}_${unit}`, [`${prefix}_${unit}`], Math.log1p);
  frame.derive(`log_${prefix}_batch`, [`${prefix}_batch`], Math.log1p);
  if (family !== 'transformer') return;
  frame.set('eff_seq_len', effectiveSequenceLength(frame));
  frame.derive('log_eff_seq_len', ['eff_seq_len'], Math.log1p);
  frame.derive('F_TR_sample', ['F_TR_batch', 'batch_size'], (flops, batch) => flops / floored(batch));
  frame.derive('log_F_TR_sample', ['F_TR_sample'], Math.log1p);
}
