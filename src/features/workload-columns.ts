import type { EvaluatedFamily } from '../base/columns.js';

/** Where records say how large the work of a sample is, the first column that a row has counting. */
interface WorkloadColumns {
  /** Training FLOPs of a sample. */
  flops: readonly string[];
  /** Bytes of its activations. */
  activationBytes: readonly string[];
}

const images: WorkloadColumns = { flops: ['flops_train_per_sample'], activationBytes: ['act_bytes_per_sample_proxy'] };
const sequences: WorkloadColumns = { flops: ['flops_train_per_seq'], activationBytes: ['act_bytes_per_seq_proxy'] };

export const workloadColumns: Readonly<Record<EvaluatedFamily, WorkloadColumns>> = {
  cnn: images,
  mlp: images,
  transformer: sequences,
  any: {
    flops: [...images.flops, ...sequences.flops],
    activationBytes: [...images.activationBytes, ...sequences.activationBytes],
  },
};
