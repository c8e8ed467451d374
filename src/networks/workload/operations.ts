import type { OperationKind, RecordedOperation, Tape } from '../../graph/autodiff/tape.js';
import { compulsoryBytes, tensorBytes } from '../../graph/traffic.js';
import type { TrainingConfig, WorkloadRow } from '../types.js';
import { trainingFactor } from './common.js';

type OperatorClass = 'matrix' | 'convolution' | 'embedding' | 'other';

const classOfKind: Partial<Record<OperationKind, OperatorClass>> = {
  linear: 'matrix',
  product: 'matrix',
  convolution: 'convolution',
  embedding: 'embedding',
};

/** A depthwise convolution does a few operations per value moved: it is no matrix product in disguise, as the others are. */
function classOf({ kind, convolution }: RecordedOperation): OperatorClass {
  const depthwise = convolution !== undefined && convolution.groups === convolution.inputChannels;
  return depthwise && convolution.groups > 1 ? 'other' : (classOfKind[kind] ?? 'other');
}

/**
 * The columns that count what a training step executes, in all and by class of operator: forward pass, gradient of the
 * inputs, gradient of the weights, each as large as the first.
 * @param sample the forward pass of one sample: what follows from parameters alone is there once for all of a batch
 */
export function operationColumns({ batchSize }: TrainingConfig, sample: Tape): WorkloadRow {
  const shared = namesOfShared(sample);
  const totals = {
    matrix: { flops: 0, bytes: 0 },
    convolution: { flops: 0, bytes: 0 },
    embedding: { flops: 0, bytes: 0 },
  };
  let flops = 0;
  let bytes = 0;
  for (const operation of sample.operations) {
    const once = sharedBytes(operation, shared);
    const moved = trainingFactor * (once + batchSize * (operation.bytes - once));
    const computed = trainingFactor * batchSize * operation.flops;
    flops += computed;
    bytes += moved;
    const of = classOf(operation);
    if (of === 'other') continue;
    totals[of].flops += computed;
    totals[of].bytes += moved;
  }
  return {
    n_ops_exec: trainingFactor * sample.operations.length,
    flops_exec_per_batch: flops,
    bytes_exec_per_batch: bytes,
    flops_matmul_exec: totals.matrix.flops,
    bytes_matmul_exec: totals.matrix.bytes,
    flops_conv_exec: totals.convolution.flops,
    bytes_conv_exec: totals.convolution.bytes,
    bytes_embedding_exec: totals.embedding.bytes,
  };
}

/** Names of the tensors that follow from parameters and constants alone. */
function namesOfShared({ builder, parameters, buffers }: Tape): ReadonlySet<string> {
  const names = new Set([
    ...parameters.flatMap(({ state, view }) => [state.name, view.name]),
    ...buffers.map(({ state }) => state.name),
    ...builder.constants.map(({ name }) => name),
  ]);
  for (const { inputs, outputs } of builder.nodes) {
    if (inputs.every((name) => name === '' || names.has(name))) for (const name of outputs) names.add(name);
  }
  return names;
}

/** Bytes of an operation that do not grow with the batch. Where not all of an input is read, what is grows with it. */
function sharedBytes({ inputs, output, bytes }: RecordedOperation, shared: ReadonlySet<string>): number {
  if (shared.has(output.name)) return bytes;
  if (bytes !== compulsoryBytes(inputs, output)) return 0;
  const distinct = new Map(inputs.filter(({ name }) => shared.has(name)).map((input) => [input.name, input]));
  return [...distinct.values()].reduce((sum, tensor) => sum + tensorBytes(tensor), 0);
}
