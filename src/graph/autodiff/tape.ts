import type { MersenneTwister } from '../../base/random.js';
import { GraphBuilder, type Tensor } from '../builder.js';
import { neededFor } from '../dependencies.js';
import type { FloatType } from '../onnx/types.js';
import { add, cast } from '../primitives/elementwise.js';
import { reshape } from '../primitives/layout.js';
import { elementCount, type Shape } from '../shape.js';
import { compulsoryBytes } from '../traffic.js';

/** Draws a parameter's initial values into `values`: the largest take hundreds of megabytes, and two of them at once more. */
export interface Initialiser {
  (values: Float32Array, dims: Shape, random: MersenneTwister): void;
  /** The rule in words, for descriptions of the graph. */
  readonly rule?: string;
}

export interface Parameter {
  readonly name: string;
  /** As the network sees it. */
  readonly dims: Shape;
  /** As the optimizer sees it, in training: a row [1, n] (scalar arithmetic on [Co, Ci, 1, 1] would be 14 times slower). */
  readonly state: Tensor;
  /** The state with the network's shape. */
  readonly view: Tensor;
  readonly initialise: Initialiser;
}

/** A value that belongs to the network but is not trained, in PyTorch's term a buffer: running statistics. */
export interface NetworkBuffer {
  readonly dims: Shape;
  readonly state: Tensor;
  readonly initialise: Initialiser;
}

/** What a forward pass is recorded for: operations that learn from the batch in training use fixed values in inference. */
export type PassMode = 'training' | 'inference';

/** What the workload columns count operations by. */
export type OperationKind =
  | 'convolution'
  | 'linear'
  | 'product'
  | 'normalisation'
  | 'activation'
  | 'pooling'
  | 'embedding'
  | 'loss'
  | 'elementwise'
  | 'layout';

export interface ConvolutionFacts {
  kernel: readonly [height: number, width: number];
  groups: number;
  inputChannels: number;
}

export interface OperationRecord {
  kind: OperationKind;
  inputs: readonly Tensor[];
  output: Tensor;
  /** Floating-point operations of the forward pass, whole batch; a multiply-add is two. */
  flops: number;
  /**
   * Bytes that the forward pass must move, whole batch: inputs and output, each once, unless given. What a formulation
   * or a small cache moves beside them is not counted.
   */
  bytes?: number;
  convolution?: ConvolutionFacts;
  /**
   * The gradients of the inputs, in order, given the gradient of the output in the output's type; each is built only if
   * it is asked for, in float32 or float16. null marks an input without one (indices).
   */
  gradient: (outputGradient: Tensor) => readonly ((() => Tensor) | null)[];
}

export type RecordedOperation = OperationRecord & { bytes: number; scope: readonly string[] };

/**
 * Records the operations of a forward pass, and derives the gradients by walking them backwards.
 *
 * With compute type float16 it is what torch.autocast does: parameters stay float32, and each operation casts its inputs
 * to the type that suits it, float16 for products and convolutions, float32 for norms, softmax and loss. A gradient has
 * the type of its tensor.
 */
export class Tape {
  readonly parameters: Parameter[] = [];
  readonly buffers: NetworkBuffer[] = [];
  readonly operations: RecordedOperation[] = [];
  /** Names of the tensors that depend on a parameter. */
  readonly #tracked = new Set<string>();

  constructor(
    readonly builder: GraphBuilder = new GraphBuilder(),
    readonly computeType: FloatType = 'float32',
    readonly mode: PassMode = 'training',
  ) {}

  /** A floating-point tensor in the compute type. */
  inComputeType(tensor: Tensor): Tensor {
    return cast(this.builder, tensor, this.computeType);
  }

  /** Declares a trainable parameter; its name is the scope and `name`, joined by dots. Returns its value. */
  parameter(name: string, dims: Shape, initialise: Initialiser): Tensor {
    const fullName = this.#nameInScope(name);
    const stateDims = this.mode === 'training' ? [1, elementCount(dims)] : dims;
    const state: Tensor = { name: fullName, type: 'float32', dims: stateDims };
    const view = reshape(this.builder, state, dims);
    this.parameters.push({ name: fullName, dims, state, view, initialise });
    this.#tracked.add(view.name);
    return view;
  }

  /** Declares a value that is not trained, named as a parameter is. Returns it. */
  buffer(name: string, dims: Shape, initialise: Initialiser): Tensor {
    const state: Tensor = { name: this.#nameInScope(name), type: 'float32', dims };
    this.buffers.push({ dims, state, initialise });
    return state;
  }

  #nameInScope(name: string): string {
    return this.builder.uniqueName([...this.builder.scope, name].join('.'));
  }

  /** Marks an input of the graph as one whose gradient is wanted. */
  track(tensor: Tensor): void {
    this.#tracked.add(tensor.name);
  }

  record(operation: OperationRecord): Tensor {
    const bytes = operation.bytes ?? compulsoryBytes(operation.inputs, operation.output);
    this.operations.push({ ...operation, bytes, scope: this.builder.scope });
    if (operation.inputs.some((input) => this.#tracked.has(input.name))) this.#tracked.add(operation.output.name);
    return operation.output;
  }

  /** The operations, in order, that `output` depends on. */
  operationsFor(output: Tensor): RecordedOperation[] {
    return neededFor(this.operations, [output.name], (operation) => ({
      made: [operation.output.name],
      read: operation.inputs.map(({ name }) => name),
    }));
  }

  /**
   * Emits the backward pass of a scalar `loss`, or of any tensor whose gradient is given. Returns the gradient of
   * each of `targets`; throws RangeError for one that the loss does not depend on.
   */
  gradients(loss: Tensor, targets: readonly Tensor[], lossGradient: Tensor = this.builder.scalar(1)): Tensor[] {
    const gradientOf = new Map([[loss.name, lossGradient]]);
    for (const operation of this.operations.toReversed()) {
      const outputGradient = gradientOf.get(operation.output.name);
      if (!outputGradient || !this.#tracked.has(operation.output.name)) continue;
      this.builder.withinGradientOf(operation.scope, () => {
        const inputGradients = operation.gradient(outputGradient);
        operation.inputs.forEach((input, index) => {
          const gradient = inputGradients[index];
          if (!gradient || !this.#tracked.has(input.name)) return;
          const part = cast(this.builder, gradient(), input.type as FloatType);
          const earlier = gradientOf.get(input.name);
          gradientOf.set(input.name, earlier ? add(this.builder, earlier, part) : part);
        });
      });
    }
    return targets.map((target) => {
      const gradient = gradientOf.get(target.name);
      if (!gradient) throw new RangeError(`the loss does not depend on ${target.name}`);
      return gradient;
    });
  }

  /** The gradients of all parameters, float32, each in its state's shape; times `lossGradient` where it is given. */
  parameterGradients(loss: Tensor, lossGradient?: Tensor): Tensor[] {
    const views = this.parameters.map((parameter) => parameter.view);
    return this.gradients(loss, views, lossGradient).map((gradient, index) =>
      reshape(this.builder, gradient, this.parameters[index]!.state.dims),
    );
  }
}
