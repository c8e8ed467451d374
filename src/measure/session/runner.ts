import type * as ort from 'onnxruntime-node';
import type { TensorSpec } from '../../networks/types.js';
import type { OpenTimes } from './messages.js';

/** Tensors by the name of the graph's input. */
export type Feeds = Record<string, ort.Tensor>;

/** A graph loaded into ONNX Runtime. Its initial state lives in the session, and every run starts from it. */
export interface Runner {
  readonly openTimes: OpenTimes;
  /** Inputs of a batch, in order. */
  readonly inputs: readonly TensorSpec[];
  /** null where nothing learns. */
  readonly learningRateInput: string | null;
  /**
   * Copies a batch to the device, as far as it can lie there between runs; returns when it is there. What stays with the
   * host is returned as it was; the rest is the caller's to dispose of.
   */
  place(feeds: Feeds): Promise<Feeds>;
  /** Runs `steps` steps on one batch, given with the learning rate. Returns the loss before each update, or the logits. */
  run(feeds: Feeds, steps: number): Promise<Float32Array>;
  release(): Promise<void>;
}
