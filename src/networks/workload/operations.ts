import type { OperationKind, RecordedOperation, Tape } from '../../graph/autodiff/tape.js';
import { isDepthwise, type OperatorClass } from '../../graph/operator-class.js';
import { compulsoryBytes, distinctBytes } from '../../graph/traffic.js';
import type { TrainingConfig, WorkloadRow } from '../types.js';
import { trainingFactor } from './common.js';

const classOfKind: Partial<Record<OperationKind, OperatorClass>> = {
  linear: 'matrix',
  product: 'matrix',
  convolution: 'convolution',
  embedding: 'embedding',
};

function classOf({ kind, convolution }: RecordedOperation): OperatorClass {
  const depthwise = convolution && isDepthwise(convolution.groups, convolution.inputChannels);
  return depthwise ? 'other' : (classOfKind[kind] ?? 'other');
}

type Cost = Record<'flops' | 'bytes', number>;

const nothing = (): Cost => ({ flops: 0, bytes: 0 });

/**
 * The columns that count what a training step executes, in all and by class of operator: forward pass, gradient of the
 * inputs, gradient of the weights, each as large as the first.
 * @param forward the classes of the forward pass, on the whole batch
 */
export function operationColumns(operations: number, forward: Readonly<Record<OperatorClass, Cost>>): WorkloadRow {
  const classes = Object.values(forward);
  const inAll = (of: keyof Cost) => trainingFactor * classes.reduce((sum, cost) => sum + cost[of], 0);
  return {
    n_ops_exec: trainingFactor * operations,
    flops_exec_per_batch: inAll('flops'),
    bytes_exec_per_batch: inAll('bytes'),
    flops_matmul_exec: trainingFactor * forward.matrix.flops,
    bytes_matmul_exec: trainingFactor * forward.matrix.bytes,
    flops_conv_exec: trainingFactor * forward.convolution.flops,
    bytes_conv_exec: trainingFactor * forward.convolution.bytes,
    bytes_embedding_exec: trainingFactor * forward.embedding.bytes,
  };
}

/**
 * `operationColumns` of a network.
 * @param sample the forward pass of one sample: what follows from parameters alone is there once for all of a batch
 */
export function networkOperations({ batchSize }: TrainingConfig, sample: Tape): WorkloadRow {
  const shared = namesOfShared(sample);
  const forward = { matrix: nothing(), convolution: nothing(), embedding: nothing(), other: nothing() };
  for (const operation of sample.operations) {
    const once = sharedBytes(operation, shared);
    const cost = forward[classOf(operation)];
    cost.flops += batchSize * operation.flops;
    cost.bytes += once + batchSize * (operation.bytes - once);
  }
  return operationColumns(sample.operations.length, forward);
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
  return distinctBytes(inputs.filter(({ name }) => shared.has(name)));
}
