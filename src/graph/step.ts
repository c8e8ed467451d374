import { Tape } from './autodiff/tape.js';
import { GraphBuilder, type Tensor } from './builder.js';
import { type InitialState, initialName, layOutState } from './initial-state.js';
import { encodeModel } from './onnx/encode.js';
import { node } from './onnx/nodes.js';
import type { OnnxGraph } from './onnx/types.js';
import { specOf, type TensorSpec, valueInfo } from './tensor-spec.js';
import { type ForwardPass, learningRateInput, type TrainingOptions, updateAlways } from './training.js';

/** One training step whose state comes in and goes out, for a runtime that keeps it on the device in between. */
export interface StepModel {
  /** Serialised ModelProto: batch, learning rate, number of the step and state in; loss and new state out. */
  model: Uint8Array;
  /** What `model` serialises. */
  graph: OnnxGraph;
  /** Initial state; the graph does not refer to it. */
  initial: InitialState;
  inputs: TensorSpec[];
  learningRateInput: string;
  /** float32 scalar: 1 in the first step. */
  stepNumberInput: string;
  /** float32 scalar: loss before the update. */
  lossOutput: string;
  /** Parameters and optimizer state, all float32: `output` of one step is `input` of the next. */
  carried: CarriedTensor[];
}

export interface CarriedTensor {
  input: string;
  output: string;
  /** Its entry in the initial state. */
  initial: string;
}

export type StepOptions = Pick<TrainingOptions, 'provider' | 'optimizer' | 'seed'>;

const stepNumberInput = 'step_number';

/** The step that `buildTrainingModel` puts into a Loop, as a graph of its own. */
export function buildStepModel(forward: ForwardPass, options: StepOptions): StepModel {
  const tape = new Tape(new GraphBuilder(options));
  const { builder } = tape;
  const { inputs, loss } = forward(tape);
  const learningRate: Tensor = { name: learningRateInput, type: 'float32', dims: [] };
  const stepNumber: Tensor = { name: stepNumberInput, type: 'float32', dims: [] };
  const carried = updateAlways(tape, loss, options, learningRate, () => stepNumber);
  const outputs = [loss, ...carried.map(({ after }) => after)];
  const isOutput = new Set(outputs.map(({ name }) => name));
  const graph: OnnxGraph = {
    name: 'step',
    nodes: builder.nodesFor(outputs),
    initialisers: builder.constants,
    inputs: [learningRate, stepNumber, ...inputs, ...carried.map(({ before }) => before)].map(valueInfo),
    outputs: outputs.map(valueInfo),
    values: builder.values.filter(({ name }) => !isOutput.has(name)),
  };
  return {
    model: encodeModel(graph),
    graph,
    initial: layOutState(carried, 'state.bin', options.seed).state,
    inputs: inputs.map(specOf),
    learningRateInput,
    stepNumberInput,
    lossOutput: loss.name,
    carried: carried.map(({ before, after }) => ({
      input: before.name,
      output: after.name,
      initial: initialName(before),
    })),
  };
}

/** The upload's output for an entry of the initial state. */
export const residentName = (name: string): string => `${name}.resident`;

/** A graph that puts out what goes in: it brings the initial state to the device on which it runs. */
export function buildUploadModel({ pieces }: InitialState): Uint8Array {
  const values = pieces.map(({ name, dims }) => ({ name, type: 'float32' as const, dims }));
  return encodeModel({
    name: 'upload',
    nodes: pieces.map(({ name }) => node('Identity', [name], [residentName(name)])),
    initialisers: [],
    inputs: values,
    outputs: values.map((value) => ({ ...value, name: residentName(value.name) })),
  });
}
