import * as ort from 'onnxruntime-node';
import type { InitialState, StatePiece } from '../../graph/initial-state.js';

/** One value of the initial state, around the state's memory: nothing is copied. */
export function stateTensor({ data }: InitialState, { dims, offsetBytes, lengthBytes }: StatePiece): ort.Tensor {
  const count = lengthBytes / Float32Array.BYTES_PER_ELEMENT;
  return new ort.Tensor(
    'float32',
    new Float32Array(data.buffer as ArrayBuffer, data.byteOffset + offsetBytes, count),
    dims,
  );
}
