import type { PassMode } from '../../graph/autodiff/tape.js';
import type { InitialState } from '../../graph/initial-state.js';
import { repeatedInferenceGraph, trainingGraph } from '../../networks/index.js';
import type { TensorSpec, TrainingConfig } from '../../networks/types.js';

/** What a session runs: a Loop that takes a batch and a trip count and puts out a number per trip. */
export interface SessionGraph {
  model: Uint8Array;
  state: InitialState;
  /** Of a batch. */
  inputs: TensorSpec[];
  tripInput: string;
  /** null where nothing learns. */
  learningRateInput: string | null;
  /** float32 [trips]: the loss of each training step; in inference the sum of each pass's logits. */
  tripOutput: string;
}

export function sessionGraph(config: TrainingConfig, mode: PassMode = 'training'): SessionGraph {
  if (mode === 'inference') {
    const graph = repeatedInferenceGraph(config);
    return { ...graph, learningRateInput: null, tripOutput: graph.checksumOutput };
  }
  const graph = trainingGraph(config);
  return { ...graph, tripOutput: graph.lossOutput };
}
