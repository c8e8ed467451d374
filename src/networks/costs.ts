import { type OperationKind, type RecordedOperation, Tape } from '../graph/autodiff/tape.js';
import { GraphBuilder } from '../graph/builder.js';
import { networkNamed } from './index.js';
import type { TrainingConfig } from './types.js';

/** What operations cost together, on a whole batch. */
export interface OperationCost {
  operations: number;
  /** A multiply-add is two. */
  flops: number;
  /** Compulsory memory traffic: each operation reads its inputs and parameters once and writes its output once. */
  bytes: number;
}

export interface ForwardCost {
  total: OperationCost;
  /** The kinds that occur. */
  byKind: Partial<Record<OperationKind, OperationCost>>;
}

/**
 * FLOPs and bytes of a forward pass and its loss on one batch, in all and by class of operation: what a roofline per class
 * takes (Williams, Waterman and Patterson 2009). They follow from shapes, element types and precision alone, not from how
 * an operation is formulated for a provider. Bytes are not proportional to the batch: parameters are read once for all of
 * it. Not in it: masks that are made from token ids. Throws InputError for a network or sizes that do not fit.
 */
export function forwardCost(config: TrainingConfig): ForwardCost {
  const tape = new Tape(new GraphBuilder(config), config.precision === 16 ? 'float16' : 'float32');
  networkNamed(config.network).forward(tape, config);
  const kinds = [...new Set(tape.operations.map(({ kind }) => kind))].sort();
  return {
    total: costOf(tape.operations),
    byKind: Object.fromEntries(
      kinds.map((kind) => [kind, costOf(tape.operations.filter((operation) => operation.kind === kind))]),
    ),
  };
}

function costOf(operations: readonly RecordedOperation[]): OperationCost {
  const sum = (of: 'flops' | 'bytes') => operations.reduce((total, operation) => total + operation[of], 0);
  return { operations: operations.length, flops: sum('flops'), bytes: sum('bytes') };
}
