import { Tape } from './autodiff/tape.js';
import { type BuilderOptions, GraphBuilder, type Tensor } from './builder.js';
import { type InitialState, layOutState } from './initial-state.js';
import { encodeModel, type ModelDocumentation } from './onnx/encode.js';
import { node } from './onnx/nodes.js';
import type { FloatType, OnnxGraph, OnnxNode, ValueInfo } from './onnx/types.js';
import { castToFloat } from './primitives/elementwise.js';
import { specOf, type TensorSpec, valueInfo } from './tensor-spec.js';

/** Builds the forward pass of a network on the tape: the inputs of a batch, in order, and the logits. */
export type LogitsPass = (tape: Tape) => { inputs: readonly Tensor[]; logits: Tensor };

/** A forward pass alone: a batch in, logits out. */
export interface InferenceModel {
  /** Serialised ModelProto, without weights. */
  model: Uint8Array;
  /** What `model` serialises. */
  graph: OnnxGraph;
  /** Parameters, then what is not trained: running statistics of batch norms. */
  state: InitialState;
  /** Those inputs of a batch that the logits depend on. */
  inputs: TensorSpec[];
  /** float32 */
  logits: { name: string; dims: number[] };
  parameters: { name: string; dims: number[] }[];
}

export interface InferenceOptions extends BuilderOptions {
  /** Of the weights, which are those that a training graph of this seed starts from. */
  seed: number;
  /** The name by which the model refers to its state. */
  statePath: string;
  /** float16 computes in half precision, with float32 parameters; float32 unless given. */
  computeType?: FloatType;
  /** What a viewer shows of the model. */
  documentation?: ModelDocumentation;
}

const logitsOutput = 'logits';

const inferenceDocumentation =
  'A forward pass: a batch in, logits out. Parameters and the running statistics of batch norms come from the external file.';

/**
 * One forward pass as a plain graph, whose weights a runtime sees as constants: it may fold and pack them, as it does for
 * any network in use. (In the body of a Loop ONNX Runtime does so only in part, and densenet121 takes twice as long.) What
 * only loss and gradients need is left out.
 */
export function buildInferenceModel(forward: LogitsPass, options: InferenceOptions): InferenceModel {
  const tape = new Tape(new GraphBuilder(options), options.computeType, 'inference');
  const { builder } = tape;
  const { inputs, logits } = forward(tape);
  const result = castToFloat(builder, logits);
  const pass = partFor(builder, result);
  const read = inputs.filter(({ name }) => pass.reads.has(name));
  const { state, initialisers } = layOutWeights(tape, options);
  const graph: OnnxGraph = {
    name: 'inference',
    documentation: inferenceDocumentation,
    nodes: [...pass.nodes, node('Identity', [result.name], [logitsOutput])],
    initialisers: [...initialisers, ...builder.constants.filter(({ name }) => pass.reads.has(name))],
    inputs: read.map(valueInfo),
    outputs: [{ ...valueInfo(result), name: logitsOutput }],
    values: pass.values,
  };
  return {
    model: encodeModel(graph, options.documentation),
    graph,
    state,
    inputs: read.map(specOf),
    logits: { name: logitsOutput, dims: [...result.dims] },
    parameters: tape.parameters.map(({ name, dims }) => ({ name, dims: [...dims] })),
  };
}

function layOutWeights(tape: Tape, { statePath, seed }: InferenceOptions) {
  const values = [...tape.parameters, ...tape.buffers].map(({ state, dims, initialise }) => ({
    before: state,
    dims,
    initialise,
  }));
  return layOutState(values, statePath, seed, ({ name }) => name);
}

/** The part of a graph that `output` depends on. */
interface GraphPart {
  nodes: OnnxNode[];
  /** Names of the values that its nodes read. */
  reads: ReadonlySet<string>;
  /** What its nodes put out. */
  values: ValueInfo[];
}

/** Without the last outputs of a node that nothing reads: those for gradients (indices of maxima, deviations) cost time. */
function partFor(builder: GraphBuilder, output: Tensor): GraphPart {
  const needed = builder.nodesFor([output]);
  const reads = new Set(needed.flatMap(({ inputs }) => inputs));
  const nodes = needed.map((node) => {
    const last = node.outputs.findLastIndex((name) => reads.has(name) || name === output.name);
    return { ...node, outputs: node.outputs.slice(0, last + 1) };
  });
  const made = new Set(nodes.flatMap(({ outputs }) => outputs));
  return { nodes, reads, values: builder.values.filter(({ name }) => made.has(name)) };
}
