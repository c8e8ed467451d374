import { afterBackward } from './after-backward.js';
import { Tape } from './autodiff/tape.js';
import { type BuilderOptions, GraphBuilder, type Tensor } from './builder.js';
import { type CarriedState, type InitialState, initialName, layOutState } from './initial-state.js';
import { constant } from './initialise.js';
import { LossScaler, type LossScaling } from './loss-scaling.js';
import { encodeModel, type ModelDocumentation } from './onnx/encode.js';
import { node } from './onnx/nodes.js';
import type { OnnxGraph, OnnxNode, ValueInfo } from './onnx/types.js';
import type { OptimizerRule } from './optimizers/types.js';
import { add, castToFloat, where } from './primitives/elementwise.js';
import { specOf, type TensorSpec, valueInfo } from './tensor-spec.js';

/** Builds the forward pass of a network on the tape: the inputs of a batch, in order, and the scalar loss. */
export type ForwardPass = (tape: Tape) => { inputs: readonly Tensor[]; loss: Tensor };

export interface TrainingModel {
  /** Serialised ModelProto, without weights; made when it is first asked for. */
  readonly model: Uint8Array;
  /** What `model` serialises. */
  graph: OnnxGraph;
  state: InitialState;
  inputs: TensorSpec[];
  tripInput: string;
  learningRateInput: string;
  lossOutput: string;
  parameters: { name: string; dims: number[] }[];
}

export interface TrainingOptions extends BuilderOptions {
  optimizer: OptimizerRule;
  /** Of the initial weights. */
  seed: number;
  /** The name by which the model refers to its initial state. */
  statePath?: string;
  /** What a viewer shows of the model. */
  documentation?: ModelDocumentation;
  /** Compute in float16, with float32 parameters and optimizer state, and scale the loss like this. */
  mixedPrecision?: LossScaling;
  /** Also make outputs of the final parameters, named as `finalParameterOutput` says. */
  finalParameters?: boolean;
  /** Also make outputs of all that the loop carries, named likewise: parameters, moments, state of the loss scaling. */
  finalState?: boolean;
}

export const finalParameterOutput = (name: string): string => `${name}.final`;

const tripInput = 'trips';
export const learningRateInput = 'learning_rate';
const lossOutput = 'losses';

const trainingDocumentation =
  'A Loop of training steps. Each step: forward pass, loss, gradients (nodes named gradient/...), optimizer (update/...). ' +
  'The loop carries parameters and optimizer state, which start from the external file; the loss of each step comes out.';

/** A value that is carried from step to step. */
export interface CarriedValue extends CarriedState {
  after: Tensor;
  isParameter: boolean;
}

/**
 * One ONNX Loop whose body is a whole training step: forward, loss, backward, update. The loop carries parameters and
 * optimizer state, which start from external data; the trip count, the learning rate and the batch are inputs; the
 * loss of each step is a scan output. Constants live in the body: from the outer graph they would be looked up anew.
 */
export function buildTrainingModel(forward: ForwardPass, options: TrainingOptions): TrainingModel {
  const tape = new Tape(new GraphBuilder(options), options.mixedPrecision ? 'float16' : 'float32');
  const { builder } = tape;
  const { inputs, loss } = forward(tape);

  const iteration: Tensor = { name: 'iteration', type: 'int64', dims: [] };
  const learningRate: Tensor = { name: learningRateInput, type: 'float32', dims: [] };
  const carried = options.mixedPrecision
    ? updateUnlessOverflow(tape, loss, options, learningRate, options.mixedPrecision)
    : updateAlways(tape, loss, options, learningRate, () => add(builder, castToFloat(builder, iteration), 1));
  const { state, initialisers } = layOutState(carried, options.statePath ?? 'state.bin', options.seed);

  const graph: OnnxGraph = {
    name: 'training',
    documentation: trainingDocumentation,
    nodes: [loopNode(stepBody(builder, iteration, carried, loss), carried)],
    initialisers,
    inputs: [
      valueInfo({ name: tripInput, type: 'int64', dims: [] }),
      valueInfo(learningRate),
      ...inputs.map(valueInfo),
    ],
    outputs: [
      { name: lossOutput, type: 'float32', dims: ['trips'] },
      ...carried.filter((value) => options.finalState || (options.finalParameters && value.isParameter)).map(finalInfo),
    ],
  };
  let encoded: Uint8Array | null = null;
  return {
    get model() {
      encoded ??= encodeModel(graph, options.documentation);
      return encoded;
    },
    graph,
    state,
    inputs: inputs.map(specOf),
    tripInput,
    learningRateInput,
    lossOutput,
    parameters: tape.parameters.map(({ name, dims }) => ({ name, dims: [...dims] })),
  };
}

/** The optimizer's step on every parameter; `stepNumber` is a float scalar, 1 in the first step. */
export function updateAlways(
  tape: Tape,
  loss: Tensor,
  options: Pick<TrainingOptions, 'optimizer'>,
  learningRate: Tensor,
  stepNumber: () => Tensor,
): CarriedValue[] {
  const gradients = tape.parameterGradients(loss);
  return tape.builder.within('update', () =>
    carryState(tape, afterBackward(tape.builder, gradients), options, learningRate, stepNumber()),
  );
}

/**
 * An update that only counts where every gradient is finite. The choice between old and new state is one more pass over
 * it; an If would make the GPU wait in every step until the host has read the condition.
 */
function updateUnlessOverflow(
  tape: Tape,
  loss: Tensor,
  options: TrainingOptions,
  learningRate: Tensor,
  scaling: LossScaling,
): CarriedValue[] {
  const { builder } = tape;
  const scaler = new LossScaler(builder, scaling);
  const scaled = tape.parameterGradients(loss, scaler.scale);
  return builder.within('update', () => {
    const isGood = scaler.allFinite(scaled);
    const stepNumber = add(builder, scaler.updates, 1);
    const state = carryState(tape, scaler.unscaled(scaled), options, learningRate, stepNumber);
    return [
      ...state.map((value) => ({ ...value, after: where(builder, isGood, value.after, value.before) })),
      ...scaler.carried(isGood).map(({ before, after, initial }) => ({
        before,
        after,
        dims: before.dims,
        initialise: constant(initial),
        isParameter: false,
      })),
    ];
  });
}

function carryState(
  tape: Tape,
  gradients: readonly Tensor[],
  { optimizer }: Pick<TrainingOptions, 'optimizer'>,
  learningRate: Tensor,
  stepNumber: Tensor,
): CarriedValue[] {
  const { builder, parameters } = tape;
  return parameters.flatMap((parameter, index) => {
    const { state } = parameter;
    const before = optimizer.momentNames.map((name) => ({ ...state, name: `${state.name}.${name}` }));
    const updated = builder.within(state.name, () =>
      optimizer.update(builder, {
        parameter,
        gradient: gradients[index]!,
        moments: before,
        learningRate,
        stepNumber,
      }),
    );
    return [
      {
        before: state,
        after: updated.parameter,
        dims: parameter.dims,
        initialise: parameter.initialise,
        isParameter: true,
      },
      ...before.map((moment, i) => ({
        before: moment,
        after: updated.moments[i]!,
        dims: moment.dims,
        initialise: null,
        isParameter: false,
      })),
    ];
  });
}

const finalInfo = ({ before }: CarriedValue): ValueInfo => ({ ...before, name: finalParameterOutput(before.name) });

function stepBody(builder: GraphBuilder, iteration: Tensor, carried: readonly CarriedValue[], loss: Tensor): OnnxGraph {
  const condition: Tensor = { name: 'condition', type: 'bool', dims: [] };
  const keepGoing: Tensor = { name: 'keep_going', type: 'bool', dims: [] };
  const outputs = [keepGoing, ...carried.map((value) => value.after), loss];
  const isOutput = new Set(outputs.map(({ name }) => name));
  return {
    name: 'step',
    nodes: [
      node('Identity', [condition.name], [keepGoing.name], {}, 'identity'),
      ...builder.nodesFor([...carried.map((value) => value.after), loss]),
    ],
    initialisers: builder.constants,
    inputs: [iteration, condition, ...carried.map((value) => value.before)].map(valueInfo),
    outputs: outputs.map(valueInfo),
    values: builder.values.filter(({ name }) => !isOutput.has(name)),
  };
}

function loopNode(body: OnnxGraph, carried: readonly CarriedValue[]): OnnxNode {
  return {
    name: 'train',
    operator: 'Loop',
    domain: '',
    inputs: [tripInput, '', ...carried.map(({ before }) => initialName(before))],
    outputs: [...carried.map((value) => finalParameterOutput(value.before.name)), lossOutput],
    attributes: { body: { graph: body } },
  };
}
