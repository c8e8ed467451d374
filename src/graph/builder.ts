import { neededFor } from './dependencies.js';
import { halfBits } from './half.js';
import { elementTypeCode } from './onnx/encode.js';
import type { Attribute, ElementType, FloatType, OnnxNode, TensorData, ValueInfo } from './onnx/types.js';
import { elementCount, type Shape, showShape } from './shape.js';

/** A value in the graph under construction; its shape is known. */
export interface Tensor {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: Shape;
}

export type Provider = 'cpu' | 'cuda' | 'webgpu';
export type Attributes = Readonly<Record<string, Attribute>>;

export interface BuilderOptions {
  /** Formulations differ between providers. */
  provider?: Provider;
}

/** The node that a tensor comes from. */
export interface Definition {
  operator: string;
  inputs: readonly (Tensor | null)[];
  attributes: Attributes;
}

export interface OutputSpec {
  type: ElementType;
  dims: Shape;
}

/**
 * A graph under construction: nodes and constants, in order. Equal constants are stored once, and a node equal to an
 * earlier one (operator, inputs, attributes) is not emitted again, so a gradient can name what the forward pass
 * computed without having it handed over.
 */
export class GraphBuilder {
  readonly provider: Provider;
  readonly nodes: OnnxNode[] = [];
  readonly constants: TensorData[] = [];
  /** What the nodes put out, in order. */
  readonly values: ValueInfo[] = [];
  readonly #constantByKey = new Map<string, Tensor>();
  #outputsByKey = new Map<string, Tensor[]>();
  readonly #definitions = new Map<string, Definition>();
  readonly #usesOfName = new Map<string, number>();
  #scope: readonly string[] = [];

  constructor(options: BuilderOptions = {}) {
    this.provider = options.provider ?? 'cpu';
  }

  get scope(): readonly string[] {
    return this.#scope;
  }

  /** Runs `build` with `names` appended to the scope that names nodes and parameters. */
  within<T>(names: string | readonly string[], build: () => T): T {
    return this.#inScope([...this.#scope, ...[names].flat()], build);
  }

  /** Runs `build` under the root scope `gradient/<scope>`. */
  withinGradientOf<T>(scope: readonly string[], build: () => T): T {
    return this.#inScope(['gradient', ...scope], build);
  }

  /** Runs `build` as if no node had been emitted before: what is computed anew need not be kept since then. */
  anew<T>(build: () => T): T {
    const earlier = this.#outputsByKey;
    this.#outputsByKey = new Map();
    try {
      return build();
    } finally {
      this.#outputsByKey = earlier;
    }
  }

  #inScope<T>(scope: readonly string[], build: () => T): T {
    const outer = this.#scope;
    this.#scope = scope;
    try {
      return build();
    } finally {
      this.#scope = outer;
    }
  }

  /** Adds a node; null leaves an optional input out. The outputs' shapes are the caller's inference. */
  emit(
    operator: string,
    inputs: readonly (Tensor | null)[],
    outputs: readonly OutputSpec[],
    attributes: Attributes = {},
    domain: OnnxNode['domain'] = '',
  ): Tensor[] {
    const tensors = this.#node(operator, inputs, outputs, attributes, domain);
    return this.provider === 'cpu' ? tensors.map((tensor) => this.#roundHalf(tensor)) : tensors;
  }

  /**
   * The CPU provider has no float16 arithmetic: it computes in float32, and leaves out casts that follow each other, so
   * that neither rounding nor overflow of a float16 result would be seen. A graph in float16 is built for the CPU to check
   * the one for GPUs, so there each result is rounded; the Reshape keeps the casts apart.
   */
  #roundHalf(tensor: Tensor): Tensor {
    if (tensor.type !== 'float16') return tensor;
    const { dims } = tensor;
    const cast = (a: Tensor, type: FloatType) =>
      this.#node('Cast', [a], [{ type, dims }], { to: { int: elementTypeCode[type] } }, '')[0]!;
    const rounded = cast(cast(tensor, 'float32'), 'float16');
    return this.#node('Reshape', [rounded, this.integers(dims)], [tensor], {}, '')[0]!;
  }

  #node(
    operator: string,
    inputs: readonly (Tensor | null)[],
    outputs: readonly OutputSpec[],
    attributes: Attributes,
    domain: OnnxNode['domain'],
  ): Tensor[] {
    const inputNames = inputs.map((input) => input?.name ?? '');
    const key = JSON.stringify([domain, operator, inputNames, attributes, outputs.length]);
    const earlier = this.#outputsByKey.get(key);
    if (earlier) return earlier;

    const name = this.uniqueName([...this.#scope, operator].join('/'));
    const tensors = outputs.map(({ type, dims }, index) => ({
      name: outputs.length === 1 ? name : `${name}:${index}`,
      type,
      dims,
    }));
    this.nodes.push({ name, operator, domain, inputs: inputNames, outputs: tensors.map((t) => t.name), attributes });
    this.values.push(...tensors);
    this.#outputsByKey.set(key, tensors);
    for (const tensor of tensors) this.#definitions.set(tensor.name, { operator, inputs, attributes });
    return tensors;
  }

  /** What `tensor` was computed by; undefined for constants and for inputs of the graph. */
  definition(tensor: Tensor): Definition | undefined {
    return this.#definitions.get(tensor.name);
  }

  /** The nodes, in order, that `outputs` depend on. */
  nodesFor(outputs: readonly Tensor[]): OnnxNode[] {
    const wanted = outputs.map(({ name }) => name);
    return neededFor(this.nodes, wanted, (node) => ({ made: node.outputs, read: node.inputs }));
  }

  /** Adds a node with one output, of the first input's type unless given. */
  emitOne(
    operator: string,
    inputs: readonly [Tensor, ...(Tensor | null)[]],
    dims: Shape,
    attributes: Attributes = {},
    options: { type?: ElementType; domain?: OnnxNode['domain'] } = {},
  ): Tensor {
    return this.emit(
      operator,
      inputs,
      [{ type: options.type ?? inputs[0].type, dims }],
      attributes,
      options.domain,
    )[0]!;
  }

  /** A floating-point constant. Throws RangeError for a finite value that overflows its type. */
  floats(values: ArrayLike<number>, dims: Shape = [values.length], type: FloatType = 'float32'): Tensor {
    if (type === 'float32') return this.#floatConstant(type, dims, Float32Array.from(values));
    const bits = Uint16Array.from(values, halfBits);
    const overflow = bits.findIndex((half, index) => (half & 0x7fff) === 0x7c00 && Number.isFinite(values[index]!));
    if (overflow >= 0) throw new RangeError(`${values[overflow]} is beyond float16`);
    return this.#floatConstant(type, dims, bits);
  }

  /** A floating-point scalar constant, of the type of its neighbour in an operation. */
  scalar(value: number, type: FloatType = 'float32'): Tensor {
    return this.floats([value], [], type);
  }

  /** An int64 constant. */
  integers(values: readonly number[], dims: Shape = [values.length]): Tensor {
    return this.#constant('int64', dims, values.join(), () => BigInt64Array.from(values, BigInt));
  }

  #floatConstant(type: FloatType, dims: Shape, values: Float32Array | Uint16Array): Tensor {
    const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
    return this.#constant(type, dims, bytes.toString('latin1'), () => values);
  }

  /** @param key the same for equal values of the type; `make` is called for the first of them alone */
  #constant(
    type: ElementType,
    dims: Shape,
    key: string,
    make: () => Float32Array | Uint16Array | BigInt64Array,
  ): Tensor {
    const fullKey = `${type} ${dims.join()} ${key}`;
    const known = this.#constantByKey.get(fullKey);
    if (known) return known;

    const values = make();
    if (values.length !== elementCount(dims)) {
      throw new RangeError(`${values.length} values do not fill a constant of shape ${showShape(dims)}`);
    }
    const tensor = { name: `constant/${this.constants.length}`, type, dims };
    this.constants.push({ ...tensor, content: new Uint8Array(values.buffer, values.byteOffset, values.byteLength) });
    this.#constantByKey.set(fullKey, tensor);
    return tensor;
  }

  /** `name`, or `name_2`, `name_3`, ... where it is taken. */
  uniqueName(name: string): string {
    const uses = (this.#usesOfName.get(name) ?? 0) + 1;
    this.#usesOfName.set(name, uses);
    return uses === 1 ? name : `${name}_${uses}`;
  }
}
