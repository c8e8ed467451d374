import type { Row } from '../base/columns.js';
import { InputError } from '../base/errors.js';
import { countIn, positiveIn, textIn } from './cells.js';
import { inputBytesOf } from './input-bytes.js';
import { type OperatorClasses, operatorClassesOf, undividedClasses } from './operator-classes.js';

/** What one iteration of a row asks of the device. FLOPs and bytes are of the whole batch. */
export interface Workload {
  batchSize: number;
  precision: 16 | 32;
  /** Of matrix products and convolutions where the row tells them apart, else all. A multiply-add counts as two. */
  flops: number;
  /** Moved by the operations if nothing stayed in a cache; 0 where the row does not say. */
  trafficBytes: number;
  /** The same by class of operator. */
  classes: OperatorClasses;
  /** Whether the row tells the classes apart; else all is of its network's main class. */
  divided: boolean;
  /** Kernels launched; 0 where the row does not say. */
  kernels: number;
  parameterBytes: number;
  /** Moved by the optimizer: parameter, gradient and moments read, parameter and moments written. */
  updateBytes: number;
  /** A batch as it is copied to the device. */
  inputBytes: number;
  /** Kept for the backward pass. */
  activationBytes: number;
  /** Parameters, optimizer state and master copies. */
  stateBytes: number;
}

/** Columns in which a row may say what is otherwise assumed; with what is done without them. */
export const assumptions: readonly (readonly [field: keyof Workload, columns: string, instead: string])[] = [
  ['trafficBytes', 'bytes_exec_per_batch, traffic_bytes_per_sample or an activation column', 'no memory traffic'],
  ['kernels', 'n_ops_exec or depth', 'no launch cost'],
  ['parameterBytes', 'param_bytes', 'no parameters'],
  ['inputBytes', 'input_shape, img_size or seq_len', 'no copy of the batch'],
];

/**
 * Kernels of a training step per unit of `depth`, where the row does not count them: a layer of a CNN (convolution, norm,
 * activation) or a block of the others, forward and backward. Rough: the launch cost is fitted, so that only the ratio
 * between the families counts.
 */
const kernelsPerDepth: Readonly<Record<string, number>> = { CNN: 9, MLP: 45, Transformer: 60 };

/** Forward, gradient of the inputs, gradient of the weights: each reads and writes what one forward pass does. */
const passes = 3;

function trafficOf(row: Row, batchSize: number, activationBytes: number): number {
  const executed = positiveIn(row, 'bytes_exec_per_batch');
  if (executed !== null) return executed;
  const perSample = positiveIn(row, 'traffic_bytes_per_sample');
  // without it: what one operation writes, the next one reads
  return passes * (perSample === null ? 2 * activationBytes : perSample * batchSize);
}

function kernelsOf(row: Row): number {
  const counted = positiveIn(row, 'n_ops_exec');
  if (counted !== null) return counted;
  return (positiveIn(row, 'depth') ?? 0) * (kernelsPerDepth[textIn(row, 'architecture') ?? ''] ?? kernelsPerDepth.CNN!);
}

const updates = (row: Row): boolean =>
  textIn(row, 'optimizer')?.toLowerCase() !== 'none' && !textIn(row, 'mode')?.toLowerCase().startsWith('inf');

/** Throws InputError, without saying which record, where batch size or FLOPs are absent or not positive. */
export function workloadOf(row: Row): Workload {
  const batchSize = positiveIn(row, 'batch_size');
  if (batchSize === null) throw new InputError(`batch_size must be a positive number, not '${row.batch_size ?? ''}'`);
  const told = operatorClassesOf(row);
  const flops = told
    ? told.matrix.flops + told.convolution.flops
    : positiveIn(row, 'flops_matmul_exec', 'flops_exec_per_batch', 'flops_train_per_batch');
  if (flops === null || flops === 0) {
    throw new InputError(`flops_train_per_batch must be a positive number, not '${row.flops_train_per_batch ?? ''}'`);
  }
  const activationBytes = batchSize * (positiveIn(row, 'act_bytes_per_sample_proxy', 'act_bytes_per_seq_proxy') ?? 0);
  const parameterBytes = positiveIn(row, 'param_bytes') ?? 4 * (positiveIn(row, 'param_count') ?? 0);
  const trafficBytes = trafficOf(row, batchSize, activationBytes);
  const optimizerBytes = countIn(row, 'optimizer_state_bytes') ?? 0;
  return {
    batchSize,
    precision: row.precision === 16 ? 16 : 32,
    flops,
    trafficBytes,
    classes: told ?? undividedClasses({ flops, bytes: trafficBytes }, textIn(row, 'architecture') === 'CNN'),
    divided: told !== null,
    kernels: kernelsOf(row),
    parameterBytes,
    updateBytes: updates(row) ? 3 * parameterBytes + 2 * optimizerBytes : 0,
    inputBytes: inputBytesOf(row) * batchSize,
    activationBytes,
    stateBytes: positiveIn(row, 'total_state_bytes') ?? parameterBytes + optimizerBytes,
  };
}
