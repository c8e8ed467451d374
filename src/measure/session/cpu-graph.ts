import { node } from '../../graph/onnx/nodes.js';
import type { Dims, ElementType, OnnxGraph, OnnxNode, TensorData, ValueInfo } from '../../graph/onnx/types.js';

/**
 * A training graph in the form that takes the least memory on the CPU; the losses are the same.
 *
 * The initial state becomes inputs of the graph, the `moments` (names of initial values) as [1, 1]: the optimizer's Gemms
 * spread them. And the loop ends with one more iteration that leaves nothing of the state, since ONNX Runtime copies what
 * a Loop carries last to its outputs, wanted or not: the state of vgg16 takes 1.1 GB.
 */
export function cpuForm(graph: OnnxGraph, moments: ReadonlySet<string>): OnnxGraph {
  return forgetFinalState(withStateAsInputs(graph, moments), moments);
}

const isExternal = ({ content }: TensorData): boolean => 'location' in content;

function withStateAsInputs(graph: OnnxGraph, moments: ReadonlySet<string>): OnnxGraph {
  const state = graph.initialisers
    .filter(isExternal)
    .map(({ name, type, dims }) => ({ name, type, dims: moments.has(name) ? [1, 1] : dims }));
  return {
    ...graph,
    initialisers: graph.initialisers.filter((tensor) => !isExternal(tensor)),
    inputs: [...graph.inputs, ...state],
  };
}

/** The shape [1, 1], which ONNX Runtime cannot know before the graph runs. */
const openShape = 'open_shape';

/** Expects the graph of buildTrainingModel: a Loop alone, whose last output is what it scans. */
function forgetFinalState(graph: OnnxGraph, moments: ReadonlySet<string>): OnnxGraph {
  const [loop] = graph.nodes as [OnnxNode];
  const [trips, ...others] = loop.inputs as [string, ...string[]];
  const body = withGrowing(loop, moments);
  const losses = loop.outputs.at(-1)!;
  const one = int64('one', [], 1n);
  const first = int64('first', [1], 0n);
  const row = int64('row', [1], 1n);
  return {
    ...graph,
    nodes: [
      node('Add', [trips, one.name], ['trips_and_end']),
      node('Reshape', [trips, row.name], ['trips_row']),
      node('Min', ['trips_row', row.name], ['one_row']),
      node('Concat', ['one_row', row.name], [openShape], { axis: { int: 0 } }),
      {
        ...loop,
        inputs: ['trips_and_end', ...others],
        outputs: [...loop.outputs.slice(0, -1), 'losses_and_end'],
        attributes: { body: { graph: endingWithNothing(body, trips) } },
      },
      node('Slice', ['losses_and_end', first.name, 'trips_row'], [losses]),
    ],
    initialisers: [...graph.initialisers, one, first, row],
  };
}

/** The loop's body, in which the `moments` have their length only after the first step. */
function withGrowing({ attributes, inputs }: OnnxNode, moments: ReadonlySet<string>): OnnxGraph {
  const { body } = attributes as { body: { graph: OnnxGraph } };
  // Inputs of a Loop: trip count, condition, initial values; of its body: iteration, condition, the values.
  const grow = (value: ValueInfo, index: number) =>
    moments.has(inputs[index]!) ? { ...value, dims: openEnded(value.name, value.dims) } : value;
  return { ...body.graph, inputs: body.graph.inputs.map(grow) };
}

/** The body with its work in an If: in iteration `trips` it puts out empty tensors and a loss of 0 instead. */
function endingWithNothing(body: OnnxGraph, trips: string): OnnxGraph {
  const [iteration] = body.inputs as [ValueInfo];
  const [keepGoing, ...results] = body.outputs as [ValueInfo, ...ValueInfo[]];
  const passesOn = ({ outputs }: OnnxNode) => outputs.includes(keepGoing.name);
  const work = body.nodes.filter((candidate) => !passesOn(candidate));
  const step: OnnxGraph = {
    ...body,
    nodes: withOpenResults(work, results),
    inputs: [],
    outputs: results.map((result) => ({ ...result, dims: openEnded(result.name, result.dims) })),
  };
  const chosen = step.outputs.map((result) => ({ ...result, name: `${result.name}.or_nothing` }));
  const names = chosen.map(({ name }) => name);
  const branches = { then_branch: { graph: step }, else_branch: { graph: nothing(results) } };
  return {
    name: 'step_or_end',
    nodes: [
      ...body.nodes.filter(passesOn),
      node('Less', [iteration.name, trips], ['is_step']),
      node('If', ['is_step'], names, branches),
    ],
    initialisers: [],
    inputs: body.inputs,
    outputs: [keepGoing, ...chosen],
  };
}

/**
 * An If makes outputs whose shapes are known before its branch begins, so that the new state would lie there while the old
 * one is still at work. Here their number of rows, which a Gemm has from its first factor, is only known at run time.
 */
function withOpenResults(nodes: readonly OnnxNode[], results: readonly ValueInfo[]): OnnxNode[] {
  const resultNames = new Set(results.map(({ name }) => name));
  const isUpdate = ({ operator, outputs }: OnnxNode) => operator === 'Gemm' && resultNames.has(outputs[0]!);
  const factors = new Set(nodes.filter(isUpdate).map(({ inputs }) => inputs[0]!));
  const opened = (factor: string) => `${factor}.open`;
  const opening = (factor: string) => node('Reshape', [factor, openShape], [opened(factor)]);
  const made = new Set(nodes.flatMap(({ outputs }) => outputs));
  return [
    ...[...factors].filter((factor) => !made.has(factor)).map(opening),
    ...nodes.flatMap((one) => [
      isUpdate(one) ? { ...one, inputs: [opened(one.inputs[0]!), ...one.inputs.slice(1)] } : one,
      ...one.outputs.filter((output) => factors.has(output)).map(opening),
    ]),
  ];
}

/** Symbolic extents: one known extent would let ONNX Runtime infer the other. */
const openEnded = (name: string, dims: Dims): Dims => dims.map((_, axis) => `extent ${axis} of ${name}`);

/** Empty tensors of the ranks of `results`, and zeros for scalars. */
function nothing(results: readonly ValueInfo[]): OnnxGraph {
  const outputs = results.map(({ name, type, dims }) => ({
    name: `${name}.nothing`,
    type,
    dims: dims.map((extent, axis) => (axis === dims.length - 1 ? 0 : (extent as number))),
  }));
  const constants = outputs.map(({ name, type, dims }) => zeros(`${name}.constant`, type, dims));
  return {
    name: 'end',
    nodes: outputs.map(({ name }, index) => node('Identity', [constants[index]!.name], [name])),
    initialisers: constants,
    inputs: [],
    outputs,
  };
}

function zeros(name: string, type: ElementType, dims: readonly number[]): TensorData {
  const count = dims.reduce((product, extent) => product * extent, 1);
  return { name, type, dims, content: new Uint8Array(count * Float32Array.BYTES_PER_ELEMENT) };
}

function int64(name: string, dims: readonly number[], value: bigint): TensorData {
  return { name, type: 'int64', dims, content: new Uint8Array(BigInt64Array.of(value).buffer) };
}
