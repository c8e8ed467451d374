import type { PassMode } from '../../graph/autodiff/tape.js';
import type { InitialState } from '../../graph/initial-state.js';
import { inferenceGraph, trainingGraph } from '../../networks/index.js';
import type { TensorSpec, TrainingConfig } from '../../networks/types.js';

/** What a session runs. */
export interface SessionGraph {
  model: Uint8Array;
  state: InitialState;
  /** Of a batch. */
  inputs: TensorSpec[];
  /** The number of steps in one run; null where a run is one pass. */
  tripInput: string | null;
  /** null where nothing learns. */
  learningRateInput: string | null;
  /** What is fetched: the losses, or the logits of a forward pass. */
  output: string;
}

export function sessionGraph(config: TrainingConfig, mode: PassMode = 'training'): SessionGraph {
  if (mode === 'inference') {
    const graph = inferenceGraph(config);
    return { ...graph, tripInput: null, learningRateInput: null, output: graph.logits.name };
  }
  const graph = trainingGraph(config);
  return { ...graph, output: graph.lossOutput };
}
