import type * as ort from 'onnxruntime-node';
import type { TensorSpec } from '../../networks/types.js';

/** Tensors by the name of the graph's input. */
export type Feeds = Record<string, ort.Tensor>;

/** A training graph loaded into ONNX Runtime. Its initial state lives in the session, and every run starts from it. */
export interface Trainer {
  /** Inputs of a batch, in order. */
  readonly inputs: readonly TensorSpec[];
  readonly learningRateInput: string;
  /** Runs `steps` training steps on one batch, given with the learning rate. Returns the loss before each update. */
  train(feeds: Feeds, steps: number): Promise<Float32Array>;
  release(): Promise<void>;
}
