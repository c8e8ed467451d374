import type { EvaluatedFamily } from '../../base/columns.js';
import { type Frame, floored } from '../frame.js';
import { workloadColumns } from '../workload-columns.js';

const names: Record<EvaluatedFamily, { prefix: string; unit: 'sample' | 'seq' }> = {
  cnn: { prefix: 'F_CNN', unit: 'sample' },
  mlp: { prefix: 'F_MLP', unit: 'sample' },
  transformer: { prefix: 'F_TR', unit: 'seq' },
  any: { prefix: 'F', unit: 'sample' },
};

/** First present of a row's own, target and source length, in tokens. */
const effectiveSequenceLength = (frame: Frame): Float64Array =>
  frame.firstPresent(['seq_len', 'tgt_len', 'src_len']) ?? new Float64Array(frame.rows).fill(Number.NaN);

/** Step 4: training FLOPs of a sample and of a batch, and their logarithms. */
export function addWorkloadSize(frame: Frame, family: EvaluatedFamily): void {
  const { prefix, unit } = names[family];
  const same = (value: number) => value;
  frame.derive(`${prefix}_${unit}`, [frame.firstPresent(workloadColumns[family].flops)], same);
  frame.derive(`${prefix}_batch`, ['flops_train_per_batch'], same);
  frame.derive(`log_${prefix}_${unit}`, [`${prefix}_${unit}`], Math.log1p);
  frame.derive(`log_${prefix}_batch`, [`${prefix}_batch`], Math.log1p);
  if (family === 'cnn' || family === 'mlp') return;
  frame.set('eff_seq_len', effectiveSequenceLength(frame));
  frame.derive('log_eff_seq_len', ['eff_seq_len'], Math.log1p);
  if (family === 'any') return;
  frame.derive('F_TR_sample', ['F_TR_batch', 'batch_size'], (flops, batch) => flops / floored(batch));
  frame.derive('log_F_TR_sample', ['F_TR_sample'], Math.log1p);
}
