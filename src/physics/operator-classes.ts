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

/** Columns that tell the classes apart. */
export const classColumns = 'bytes_exec_per_batch with bytes_matmul_exec or bytes_conv_exec';

/** null where the row does not tell its classes apart. */
export function operatorClassesOf(row: Row): OperatorClasses | null {
  const bytes = positiveIn(row, 'bytes_exec_per_batch');
  const counted = (column: string) => countIn(row, column) ?? 0;
  const matrix = { flops: counted('flops_matmul_exec'), bytes: counted('bytes_matmul_exec') };
  const convolution = { flops: counted('flops_conv_exec'), bytes: counted('bytes_conv_exec') };
  if (bytes === null || matrix.bytes + convolution.bytes === 0) return null;
  const embedding = { flops: 0, bytes: counted('bytes_embedding_exec') };
  const told = [matrix, convolution, embedding];
  const rest = (total: number, of: keyof ClassWork) =>
    Math.max(
      0,
      told.reduce((left, work) => left - work[of], total),
    );
  return {
    matrix,
    convolution,
    embedding,
    pointwise: { flops: rest(counted('flops_exec_per_batch'), 'flops'), bytes: rest(bytes, 'bytes') },
  };
}

/** A step whose classes are not told apart, as if all of it were of its network's main one. */
export function undividedClasses(total: ClassWork, convolutional: boolean): OperatorClasses {
  const none = { flops: 0, bytes: 0 };
  const [matrix, convolution] = convolutional ? [none, total] : [total, none];
  return { matrix, convolution, embedding: none, pointwise: none };
}
