import type { Row } from '../base/columns.js';
import { countIn, positiveIn } from './cells.js';

/** What the operators of a class do in a step, whole batch. */
export interface ClassWork {
  flops: number;
  bytes: number;
}

/** A step by class of operator: which units compute it, and what is fetched again. */
export interface OperatorClasses {
  matrix: ClassWork;
  /** Convolutions, but for depthwise ones. */
  convolution: ClassWork;
  embedding: ClassWork;
  /** Everything else: element-wise, normalisation, pooling, softmax, depthwise convolutions, copies. */
  pointwise: ClassWork;
}

const counted = (row: Row, column: string): number => countIn(row, column) ?? 0;
const none: ClassWork = { flops: 0, bytes: 0 };

/** null where the row does not tell its classes apart. */
export function operatorClassesOf(row: Row): OperatorClasses | null {
  const matrixBytes = counted(row, 'bytes_matmul_exec');
  const convolutionBytes = counted(row, 'bytes_conv_exec');
  if (matrixBytes + convolutionBytes === 0) return null;
  const bytes = positiveIn(row, 'bytes_exec_per_batch');
  if (bytes === null) return null;
  const matrix = { flops: counted(row, 'flops_matmul_exec'), bytes: matrixBytes };
  const convolution = { flops: counted(row, 'flops_conv_exec'), bytes: convolutionBytes };
  const embedding = { flops: 0, bytes: counted(row, 'bytes_embedding_exec') };
  const flops = counted(row, 'flops_exec_per_batch') - matrix.flops - convolution.flops;
  return {
    matrix,
    convolution,
    embedding,
    pointwise: {
      flops: Math.max(0, flops),
      bytes: Math.max(0, bytes - matrixBytes - convolutionBytes - embedding.bytes),
    },
  };
}

/** A step whose classes are not told apart, as if all of it were of its network's main one. */
export const undividedClasses = (total: ClassWork, convolutional: boolean): OperatorClasses =>
  convolutional
    ? { matrix: none, convolution: total, embedding: none, pointwise: none }
    : { matrix: total, convolution: none, embedding: none, pointwise: none };
