import { Tape } from './autodiff/tape.js';
import { type BuilderOptions, GraphBuilder, type Tensor } from './builder.js';
import { type InitialState, layOutState } from './initial-state.js';
import { encodeModel, type ModelDocumentation } from './onnx/encode.js';
import type { FloatType, OnnxGraph, OnnxNode, ValueInfo } from './onnx/types.js';
import { castToFloat } from './primitives/elementwise.js';
import { reduceSum } from './primitives/reduce.js';
import { range } from './shape.js';

/** Builds the forward pass of a network on the tape: the inputs of a batch, in order, and the logits. */
export type LogitsPass = (tape: Tape) => { inputs: readonly Tensor[]; logits: Tensor };

/** What is known of every model that runs forward only. */
interface ForwardModel {
  /** Serialised ModelProto, without weights. */
  model: Uint8Array;
  /** What `model` serialises. */
  graph: OnnxGraph;
  /** Parameters, then what is not trained: running statistics of batch norms. */
  state: InitialState;
  /** Those inputs of a batch that the logits depend on. */
  inputs: { name: string; dtype: 'float32' | 'int64'; dims: number[] }[];
  parameters: { name: string; dims: number[] }[];
}

/** A batch in, logits out. */
export interface InferenceModel extends ForwardModel {
  /** float32 */
  logits: { name: string; dims: number[] };
}

/** Forward passes over one batch in a Loop, for timing. */
export interface RepeatedInferenceModel extends ForwardModel {
  /** int64 scalar: passes to run. */
  tripInput: string;
  /** float32 [trips]: the sum of the logits of each pass. */
  checksumOutput: string;
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
const tripInput = 'trips';
const checksumOutput = 'checksums';

const inferenceDocumentation =
  'A forward pass: a batch in, logits out. Parameters and the running statistics of batch norms come from the external file.';
const repeatedDocumentation =
  'A Loop of forward passes over one batch, for timing; the sum of the logits of each pass comes out. Parameters and the ' +
  'running statistics of batch norms come from the external file.';

/** One forward pass. What only loss and gradients need is left out. */
export function buildInferenceModel(forward: LogitsPass, options: InferenceOptions): InferenceModel {
  const tape = tapeFor(options);
  const { builder } = tape;
  const { inputs, logits } = forward(tape);
  const result = castToFloat(builder, logits);
  const pass = partFor(builder, [result]);
  const read = inputs.filter(({ name }) => pass.reads.has(name));
  const { state, initialisers } = layOutWeights(tape, options);
  const graph: OnnxGraph = {
    name: 'inference',
    documentation: inferenceDocumentation,
    nodes: [...pass.nodes, identity(result.name, logitsOutput)],
    initialisers: [...initialisers, ...builder.constants.filter(({ name }) => pass.reads.has(name))],
    inputs: read.map(valueInfo),
    outputs: [{ ...valueInfo(result), name: logitsOutput }],
    values: pass.values,
  };
  return { ...modelOf(tape, graph, state, read, options), logits: { name: logitsOutput, dims: [...result.dims] } };
}

/**
 * Forward passes in one Loop whose trip count is an input, so that a pass can be timed as a training step is: by the
 * difference between two trip counts.
 */
export function buildRepeatedInferenceModel(forward: LogitsPass, options: InferenceOptions): RepeatedInferenceModel {
  const tape = tapeFor(options);
  const { builder } = tape;
  const { inputs, logits } = forward(tape);
  const checksum = builder.within('checksum', () => reduceSum(builder, logits, range(0, logits.dims.length)));
  const pass = partFor(builder, [checksum]);
  const read = inputs.filter(({ name }) => pass.reads.has(name));
  const { state, initialisers } = layOutWeights(tape, options);
  const graph: OnnxGraph = {
    name: 'repeated_inference',
    documentation: repeatedDocumentation,
    nodes: [loopNode(passBody(builder, pass, read, checksum), read)],
    initialisers,
    inputs: [{ name: tripInput, type: 'int64', dims: [] }, ...read.map(valueInfo)],
    outputs: [{ name: checksumOutput, type: 'float32', dims: [tripInput] }],
  };
  return { ...modelOf(tape, graph, state, read, options), tripInput, checksumOutput };
}

const tapeFor = (options: InferenceOptions): Tape =>
  new Tape(new GraphBuilder(options), options.computeType, 'inference');

function modelOf(
  tape: Tape,
  graph: OnnxGraph,
  state: InitialState,
  inputs: readonly Tensor[],
  { documentation }: InferenceOptions,
): ForwardModel {
  return {
    model: encodeModel(graph, documentation),
    graph,
    state,
    inputs: inputs.map(({ name, type, dims }) => ({ name, dtype: type as 'float32' | 'int64', dims: [...dims] })),
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

/** The part of a graph that some outputs depend on. */
interface GraphPart {
  nodes: OnnxNode[];
  /** Names of the values that its nodes read. */
  reads: ReadonlySet<string>;
  /** What its nodes put out. */
  values: ValueInfo[];
}

/** Without the last outputs of a node that nothing reads: those for gradients (indices of maxima, deviations) cost time. */
function partFor(builder: GraphBuilder, outputs: readonly Tensor[]): GraphPart {
  const needed = builder.nodesFor(outputs);
  const reads = new Set(needed.flatMap(({ inputs }) => inputs));
  const wanted = new Set([...reads, ...outputs.map(({ name }) => name)]);
  const nodes = needed.map((node) => {
    const last = node.outputs.findLastIndex((name) => wanted.has(name));
    return { ...node, outputs: node.outputs.slice(0, last + 1) };
  });
  const made = new Set(nodes.flatMap((node) => node.outputs));
  return { nodes, reads, values: builder.values.filter(({ name }) => made.has(name)) };
}

/** An input of the batch as a pass sees it. */
const carriedName = ({ name }: Tensor): string => `${name}.carried`;

/**
 * The loop carries its batch: as far as a runtime can know, each pass gets another one, and none can be taken out of the
 * loop. Carrying a value on unchanged copies nothing.
 */
function passBody(builder: GraphBuilder, pass: GraphPart, inputs: readonly Tensor[], checksum: Tensor): OnnxGraph {
  const iteration: Tensor = { name: 'iteration', type: 'int64', dims: [] };
  const condition: Tensor = { name: 'condition', type: 'bool', dims: [] };
  const keepGoing: Tensor = { name: 'keep_going', type: 'bool', dims: [] };
  const carried = inputs.map((input) => ({ ...input, name: carriedName(input) }));
  const nameInPass = new Map(inputs.map((input) => [input.name, carriedName(input)]));
  const passNodes = pass.nodes.map((node) => ({
    ...node,
    inputs: node.inputs.map((name) => nameInPass.get(name) ?? name),
  }));
  return {
    name: 'pass',
    nodes: [identity(condition.name, keepGoing.name), ...passNodes],
    initialisers: builder.constants.filter(({ name }) => pass.reads.has(name)),
    inputs: [iteration, condition, ...carried].map(valueInfo),
    outputs: [keepGoing, ...carried, checksum].map(valueInfo),
    values: pass.values.filter(({ name }) => name !== checksum.name),
  };
}

const valueInfo = ({ name, type, dims }: Tensor): ValueInfo => ({ name, type, dims });

function loopNode(body: OnnxGraph, inputs: readonly Tensor[]): OnnxNode {
  return {
    name: 'infer',
    operator: 'Loop',
    domain: '',
    inputs: [tripInput, '', ...inputs.map(({ name }) => name)],
    outputs: [...inputs.map(({ name }) => `${name}.final`), checksumOutput],
    attributes: { body: { graph: body } },
  };
}

function identity(input: string, output: string): OnnxNode {
  return { name: output, operator: 'Identity', domain: '', inputs: [input], outputs: [output], attributes: {} };
}
