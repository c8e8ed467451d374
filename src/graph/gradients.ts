import { Tape } from './autodiff/tape.js';
import { type BuilderOptions, GraphBuilder, type Tensor } from './builder.js';
import { encodeModel } from './onnx/encode.js';
import { node } from './onnx/nodes.js';
import type { ForwardPass } from './training.js';

export interface GradientModel {
  /** Serialised ModelProto: batch and parameters in, loss and gradients out. */
  model: Uint8Array;
  inputs: readonly Tensor[];
  lossOutput: string;
  /** `stateDims` is the shape of the parameter's input and of its gradient; `dims` is the network's view of it. */
  parameters: { name: string; dims: readonly number[]; stateDims: readonly number[]; gradientOutput: string }[];
}

/** One forward and backward pass without an update, parameters as inputs: for comparison with another framework. */
export function buildGradientModel(forward: ForwardPass, options: BuilderOptions = {}): GradientModel {
  const tape = new Tape(new GraphBuilder(options));
  const { inputs, loss } = forward(tape);
  const gradients = tape.parameterGradients(loss);
  const outputs = tape.parameters.map(({ state }) => ({ ...state, name: `${state.name}.gradient` }));
  const naming = outputs.map(({ name }, index) => node('Identity', [gradients[index]!.name], [name]));
  return {
    model: encodeModel({
      name: 'gradients',
      nodes: [...tape.builder.nodesFor([loss, ...gradients]), ...naming],
      initialisers: tape.builder.constants,
      inputs: [...inputs, ...tape.parameters.map(({ state }) => state)],
      outputs: [loss, ...outputs],
    }),
    inputs,
    lossOutput: loss.name,
    parameters: tape.parameters.map(({ name, dims, state }, index) => ({
      name,
      dims,
      stateDims: state.dims,
      gradientOutput: outputs[index]!.name,
    })),
  };
}
