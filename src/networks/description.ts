import { orionVersion } from '../base/package.js';
import type { PassMode } from '../graph/autodiff/tape.js';
import type { InitialState } from '../graph/initial-state.js';
import { irVersion, opsets } from '../graph/onnx/encode.js';
import type { OnnxGraph, OnnxNode } from '../graph/onnx/types.js';
import { elementCount } from '../graph/shape.js';
import { forwardCost, type OperationCost } from './costs.js';
import { provenance, settingsOf } from './documentation.js';
import type { InferenceGraph, TensorSpec, TrainingConfig, TrainingGraph } from './types.js';
import { trainingFactor } from './workload/common.js';

/** What is to be known of an exported graph without opening it; keys as in result files. */
export interface GraphDescription {
  network: string;
  /** What the graph does. */
  mode: PassMode;
  provenance: string;
  tool: 'orion-bench';
  orion_version: string;
  dataset: string;
  /** Every setting that the graph depends on. */
  settings: Record<string, string>;
  model: { file: string; bytes: number; ir_version: number; opsets: Record<string, number> };
  inputs: (TensorSpec & { meaning: string })[];
  outputs: { name: string; dtype: string; dims: readonly (number | string)[]; meaning: string }[];
  parameter_count: number;
  parameters: { name: string; dims: number[] }[];
  /** Forward pass of one sample, a multiply-add counted as two; a training graph's step counts three times that. */
  flops: {
    forward_per_sample: number;
    training_per_sample?: number;
    forward_per_sample_by_kind: Record<string, number>;
  };
  /** Forward pass of one batch, a training graph's with its loss: operations, FLOPs, and bytes that must move, in all and by kind. */
  forward_per_batch: OperationCost & { by_kind: ({ kind: string } & OperationCost)[] };
  /** Nodes of all graphs, the loop's body included. */
  node_count: number;
  /** Nodes of each operator; `domain:operator` outside the standard domain. */
  operators: Record<string, number>;
  /** The external file of initial values; it is not part of an export unless asked for, but drawn from the seed. */
  state: { file: string; bytes: number; dtype: 'float32'; byte_order: 'little-endian'; pieces: StateEntry[] };
}

export interface StateEntry {
  name: string;
  dims: readonly number[];
  offset_bytes: number;
  length_bytes: number;
  /** How the initial value is made. */
  start: string;
}

/** How the files of a graph are called: `file` beside the description, and the data set that its sizes come from. */
export interface GraphNaming {
  file: string;
  dataset: string;
}

export function describeTrainingGraph(
  config: TrainingConfig,
  graph: TrainingGraph,
  naming: GraphNaming,
): GraphDescription {
  return describe(config, 'training', graph, naming, {
    inputs: [
      { name: graph.tripInput, dtype: 'int64', dims: [], meaning: 'training steps to run' },
      { name: graph.learningRateInput, dtype: 'float32', dims: [], meaning: 'learning rate' },
      ...batchOf(graph),
    ],
    outputs: [
      { name: graph.lossOutput, dtype: 'float32', dims: [graph.tripInput], meaning: 'loss before each update' },
    ],
  });
}

export function describeInferenceGraph(
  config: TrainingConfig,
  graph: InferenceGraph,
  naming: GraphNaming,
): GraphDescription {
  return describe(config, 'inference', graph, naming, {
    inputs: batchOf(graph),
    outputs: [{ ...graph.logits, dtype: 'float32', meaning: 'logits' }],
  });
}

type Graph = TrainingGraph | InferenceGraph;

const batchOf = ({ inputs }: Graph) => inputs.map((input) => ({ ...input, meaning: 'batch' }));

function describe(
  config: TrainingConfig,
  mode: PassMode,
  graph: Graph,
  { file, dataset }: GraphNaming,
  surface: Pick<GraphDescription, 'inputs' | 'outputs'>,
): GraphDescription {
  const nodes = nodesOf(graph.graph);
  return {
    network: config.network,
    mode,
    provenance,
    tool: 'orion-bench',
    orion_version: orionVersion,
    dataset,
    settings: settingsOf(config, mode),
    model: {
      file,
      bytes: graph.model.byteLength,
      ir_version: irVersion,
      opsets: { 'ai.onnx': opsets[''], ...contrib },
    },
    ...surface,
    parameter_count: graph.parameters.reduce((sum, { dims }) => sum + elementCount(dims), 0),
    parameters: graph.parameters,
    flops: forwardFlops(config, mode),
    forward_per_batch: batchCost(config, mode),
    node_count: nodes.length,
    operators: countedBy(nodes, ({ domain, operator }) => (domain ? `${domain}:${operator}` : operator)),
    state: stateEntries(graph.state),
  };
}

const contrib = { 'com.microsoft': opsets['com.microsoft'] };

/** The nodes of a graph and of the graphs inside them. */
export function nodesOf(graph: OnnxGraph): OnnxNode[] {
  return graph.nodes.flatMap((node) => [
    node,
    ...Object.values(node.attributes).flatMap((value) => ('graph' in value ? nodesOf(value.graph) : [])),
  ]);
}

function forwardFlops(config: TrainingConfig, mode: PassMode): GraphDescription['flops'] {
  const { total, byKind } = forwardCost({ ...config, batchSize: 1 }, mode);
  return {
    forward_per_sample: total.flops,
    ...(mode === 'training' && { training_per_sample: trainingFactor * total.flops }),
    forward_per_sample_by_kind: Object.fromEntries(Object.entries(byKind).map(([kind, { flops }]) => [kind, flops])),
  };
}

function batchCost(config: TrainingConfig, mode: PassMode): GraphDescription['forward_per_batch'] {
  const { total, byKind } = forwardCost(config, mode);
  return { ...total, by_kind: Object.entries(byKind).map(([kind, cost]) => ({ kind, ...cost })) };
}

function stateEntries({ path, lengthBytes, pieces }: InitialState): GraphDescription['state'] {
  return {
    file: path,
    bytes: lengthBytes,
    dtype: 'float32',
    byte_order: 'little-endian',
    pieces: pieces.map((piece) => ({
      name: piece.name,
      dims: piece.dims,
      offset_bytes: piece.offsetBytes,
      length_bytes: piece.lengthBytes,
      start: piece.rule,
    })),
  };
}

function countedBy<T>(items: readonly T[], key: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[key(item)] = (counts[key(item)] ?? 0) + 1;
  return sorted(counts);
}

const sorted = (counts: Record<string, number>) =>
  Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
