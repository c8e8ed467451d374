import type { Tensor } from './builder.js';
import type { ValueInfo } from './onnx/types.js';

/** An input of a batch, as a caller has to make it. */
export interface TensorSpec {
  name: string;
  dtype: 'float32' | 'int64';
  dims: number[];
}

export const specOf = ({ name, type, dims }: Tensor): TensorSpec => ({
  name,
  dtype: type as TensorSpec['dtype'],
  dims: [...dims],
});

export const valueInfo = ({ name, type, dims }: Tensor): ValueInfo => ({ name, type, dims });
