import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Row } from '../base/columns.js';
import { InputError, messageOf } from '../base/errors.js';
import { type ForwardWork, forwardWork } from '../graph/inspect/forward-work.js';
import type { OperatorClass } from '../graph/operator-class.js';
import type { Optimizer, Precision } from '../networks/types.js';
import { bytesPerActivation, stateColumns, trainingFactor } from '../networks/workload/common.js';
import { operationColumns } from '../networks/workload/operations.js';

export interface OnnxOptions {
  file: string;
  /** NAME=EXTENT,EXTENT,... of inputs. */
  shapes: readonly string[];
  batchSize?: number | undefined;
  optimizer?: Optimizer | undefined;
  precision?: Precision | undefined;
}

function parseShape(text: string): [name: string, dims: number[]] {
  const [, name, extents] = /^([^=]+)=(\d+(?:[,x]\d+)*)$/.exec(text.trim()) ?? [];
  if (name === undefined || extents === undefined) {
    throw new InputError(`--shape takes NAME=EXTENT,EXTENT,..., such as input=32,3,224,224, not '${text}'.`);
  }
  return [name, extents.split(/[,x]/).map(Number)];
}

/** What a sample is to the loader: pixels where the input has channels and two extents more, else tokens. */
function inputColumns(dims: readonly number[]): Row {
  return dims.length === 4 ? { input_shape: `(${dims.slice(1).join(', ')})` } : { seq_len: dims[1] ?? 1 };
}

function executedColumns({ kernels, classes }: ForwardWork, precision: Precision): Row {
  const costOf = ({ flops, scalars }: ForwardWork['classes'][OperatorClass]) => ({
    flops,
    bytes: scalars * bytesPerActivation({ precision }),
  });
  const { matrix, convolution, embedding, other } = classes;
  return operationColumns(kernels, {
    matrix: costOf(matrix),
    convolution: costOf(convolution),
    embedding: costOf(embedding),
    other: costOf(other),
  });
}

/**
 * The workload columns of training the network of a forward ONNX file, as records have them. Throws InputError for a file
 * that cannot be read, is damaged, or leaves shapes open that the options do not give.
 */
export function onnxRow({ file, shapes, batchSize, optimizer = 'SGD', precision = 32 }: OnnxOptions): Row {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new InputError(`--onnx ${file} cannot be read (${messageOf(error)}).`, { cause: error });
  }
  const work = forwardWork(bytes, file, { batchSize, shapes: new Map(shapes.map(parseShape)) });
  const samples = work.batchSize;
  return {
    model: path.basename(file, '.onnx'),
    architecture: work.convolutional ? 'CNN' : 'Transformer',
    batch_size: samples,
    optimizer,
    precision,
    depth: work.layers,
    ...executedColumns(work, precision),
    ...stateColumns({ optimizer, precision }, work.parameters),
    flops_fwd_per_sample: work.flops / samples,
    flops_train_per_batch: trainingFactor * work.flops,
    act_bytes_per_sample_proxy: (work.activations / samples) * bytesPerActivation({ precision }),
    ...inputColumns(work.inputs[0]!.dims),
  };
}
