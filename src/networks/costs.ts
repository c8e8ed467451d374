import { type OperationKind, type PassMode, type RecordedOperation, Tape } from '../graph/autodiff/tape.js';
import { GraphBuilder } from '../graph/builder.js';
import { networkNamed } from './index.js';
import { computeTypeOf } from './precision.js';
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
 * FLOPs and bytes of a forward pass on one batch (of training: with its loss, of inference: up to the logits), in all and by class of operation: what a roofline per class
 * takes (Williams, Waterman and Patterson 2009). They follow from shapes, element types and precision alone, not from how
 * an operation is formulated for a provider. Bytes are not proportional to the batch: parameters are read once for all of
 * it. Not in it: masks that are made from token ids. Throws InputError for a network or sizes that do not fit.
 */
export function forwardCost(config: TrainingConfig, mode: PassMode = 'training'): ForwardCost {
  const tape = new Tape(new GraphBuilder(config), computeTypeOf(config), mode);
  const { logits } = networkNamed(config.network).forward(tape, config);
  const operations = mode === 'training' ? tape.operations : tape.operationsFor(logits);
  const kinds = [...new Set(operations.map(({ kind }) => kind))].sort();
  return {
    total: costOf(operations),
    byKind: Object.fromEntries(
      kinds.map((kind) => [kind, costOf(operations.filter((operation) => operation.kind === kind))]),
    ),
  };
}

function costOf(operations: readonly RecordedOperation[]): OperationCost {
  const sum = (of: 'flops' | 'bytes') => operations.reduce((total, operation) => total + operation[of], 0);
  return { operations: operations.length, flops: sum('flops'), bytes: sum('bytes') };
}
