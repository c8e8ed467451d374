import type { Parameter } from '../autodiff/tape.js';
import type { GraphBuilder, Tensor } from '../builder.js';

export interface UpdateInputs {
  parameter: Parameter;
  gradient: Tensor;
  /** State of the optimizer for this parameter, in the order of `momentNames`; each has the parameter's state shape. */
  moments: readonly Tensor[];
  /** float scalar */
  learningRate: Tensor;
  /** float scalar: 1 in the first step */
  stepNumber: Tensor;
}

export interface Update {
  parameter: Tensor;
  moments: readonly Tensor[];
}

/** The update rule of one parameter, as nodes of the graph. */
export interface OptimizerRule {
  /** State kept per parameter beside its value; starts at zero. */
  momentNames: readonly string[];
  update(builder: GraphBuilder, inputs: UpdateInputs): Update;
}
