import * as ort from 'onnxruntime-node';
import { zerosRule } from '../../graph/initial-state.js';
import { encodeModel } from '../../graph/onnx/encode.js';
import type { TrainingConfig, TrainingGraph } from '../../networks/types.js';
import { cpuForm } from './cpu-graph.js';
import { stateTensor } from './state-tensor.js';

/** A training graph with a place for its initial state. */
export interface PlacedState {
  model: Uint8Array;
  /** What the session is created with. */
  externalData: { path: string; data: Uint8Array }[];
  /** What every run is fed. */
  feeds: Record<string, ort.Tensor>;
}

/**
 * On a GPU the initial state is external data: copied to the device once, when the session is created. On the CPU it is
 * an input of every run, which reads this very memory: as external data ONNX Runtime would keep a copy of its own, and
 * look at every value of it while it optimises the graph (16 s for ViT in place of 1). There the moments start as single
 * zeros, which the first step spreads.
 */
export function placeState(
  training: Pick<TrainingGraph, 'graph' | 'model' | 'state'>,
  provider: TrainingConfig['provider'],
): PlacedState {
  const { graph, state } = training;
  if (provider !== 'cpu') return { model: training.model, externalData: [state], feeds: {} };
  const zero = new ort.Tensor('float32', new Float32Array(1), [1, 1]);
  const moments = new Set(state.pieces.filter(({ rule }) => rule === zerosRule).map(({ name }) => name));
  const values = state.pieces.map(
    (piece) => [piece.name, moments.has(piece.name) ? zero : stateTensor(state, piece)] as const,
  );
  return { model: encodeModel(cpuForm(graph, moments)), externalData: [], feeds: Object.fromEntries(values) };
}
