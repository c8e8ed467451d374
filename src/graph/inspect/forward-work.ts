import { InputError, messageOf } from '../../base/errors.js';
import { decodeModel, type ReadGraph, type ReadNode, type ReadValue } from '../onnx/decode.js';
import { isDepthwise, type OperatorClass } from '../operator-class.js';
import { type KnownValue, shapeRules } from './shape-rules.js';

/** What one forward pass of an ONNX file takes; of the whole batch. */
export interface ForwardWork {
  batchSize: number;
  /** Shape of each input. */
  inputs: { name: string; dims: number[] }[];
  /** Elements of weights: initialisers of two or more elements. */
  parameters: number;
  /** Of convolutions and matrix products; a multiply-add counts as two. */
  flops: number;
  /** By class of operator: FLOPs, and scalars that are moved if each input is read and each output written once. */
  classes: Record<OperatorClass, { flops: number; scalars: number }>;
  /** Scalars that leave convolutions, products, normalisations, activations and poolings. */
  activations: number;
  /** Convolutions, and products with a weight. */
  layers: number;
  /** Operators that compute; those that only rename or measure a tensor do not count. */
  kernels: number;
  convolutional: boolean;
}

/** Shapes that a file leaves open. */
export interface OpenShapes {
  /** First extent of every input that leaves it open. */
  batchSize?: number | undefined;
  /** By the input's name. */
  shapes: ReadonlyMap<string, readonly number[]>;
}

const products = new Set(['MatMul', 'Gemm', 'FusedMatMul']);
const activating =
  /^(Conv|MatMul|Gemm|FusedMatMul|.*Normalization|Relu|Gelu|FastGelu|Sigmoid|Tanh|Erf|Clip|LeakyRelu|Elu|Selu|Softplus|HardSwish|HardSigmoid|Mish|Softmax|.*Pool)$/;
const noKernel = /^(Constant|Shape|Identity|Reshape|Flatten|Squeeze|Unsqueeze|ConstantOfShape)$/;

const nothing = () => ({ flops: 0, scalars: 0 });

const count = (dims: readonly number[]): number => dims.reduce((total, extent) => total * extent, 1);

/**
 * Walks the graph of an ONNX file. Throws InputError where the file is damaged, an input has an open extent that nothing
 * gives, or the shape behind an operator cannot be told.
 * @param where the file, for messages
 */
export function forwardWork(bytes: Uint8Array, where: string, open: OpenShapes): ForwardWork {
  let graph: ReadGraph;
  try {
    graph = decodeModel(bytes);
  } catch (error) {
    throw new InputError(`${where} is not an ONNX model, or damaged: ${messageOf(error)}.`, { cause: error });
  }
  const inputs = graph.inputs.map((input) => ({ name: input.name, dims: givenShape(input, where, open) }));
  if (inputs.length === 0 || graph.nodes.length === 0) {
    throw new InputError(`${where} has no ${inputs.length === 0 ? 'input' : 'operator'}: give the file of a network.`);
  }
  const values = new Map<string, KnownValue>(graph.initialisers);
  for (const { name, dims } of inputs) values.set(name, { dims, integers: null });
  const stated = new Map(graph.stated.map(({ name, dims }) => [name, dims]));
  const work: ForwardWork = {
    batchSize: inputs[0]!.dims[0] ?? 1,
    inputs,
    parameters: [...graph.initialisers.values()].reduce(
      (sum, { dims }) => sum + (count(dims) > 1 ? count(dims) : 0),
      0,
    ),
    flops: 0,
    classes: { matrix: nothing(), convolution: nothing(), embedding: nothing(), other: nothing() },
    activations: 0,
    layers: 0,
    kernels: 0,
    convolutional: graph.nodes.some(({ operator }) => operator === 'Conv'),
  };
  for (const node of graph.nodes) {
    const outputs = outputsOf(node, values, stated, where);
    for (const [i, name] of node.outputs.entries()) if (name && outputs[i]) values.set(name, outputs[i]);
    add(work, node, values, graph);
  }
  if (!(work.flops > 0 && Number.isFinite(work.flops))) {
    throw new InputError(`${where} has no convolution and no matrix product: there is nothing to predict from.`);
  }
  return work;
}

/** The shape of an input, open extents filled. */
function givenShape({ name, dims }: ReadValue, where: string, { batchSize, shapes }: OpenShapes): number[] {
  const given = shapes.get(name);
  const stated: readonly (number | string | null)[] | null = given ?? dims;
  const filled = stated?.map((extent, i) => (typeof extent === 'number' || i > 0 ? extent : (batchSize ?? extent)));
  const open = filled?.find((extent) => typeof extent !== 'number');
  if (filled && open === undefined && filled.every((extent) => Number.isSafeInteger(extent) && Number(extent) > 0)) {
    return filled as number[];
  }
  const shown = dims ? `(${dims.map((extent) => extent ?? '?').join(', ')})` : 'no shape';
  const onlyBatch = dims?.slice(1).every((extent) => typeof extent === 'number') && batchSize === undefined;
  const example = `--shape ${name}=${dims?.length === 2 ? '32,128' : '32,3,224,224'}`;
  throw new InputError(
    `${where}: its input '${name}' has ${shown}; give ${onlyBatch ? '--batch-size N, or ' : ''}all its extents: ${example}.`,
  );
}

function outputsOf(
  node: ReadNode,
  values: ReadonlyMap<string, KnownValue>,
  stated: ReadonlyMap<string, ReadValue['dims']>,
  where: string,
): KnownValue[] {
  const inputs = node.inputs.map((name) => (name === '' ? null : (values.get(name) ?? null)));
  const found = shapeRules.get(node.operator)?.(inputs, node);
  if (found) return found.map((value) => (Array.isArray(value) ? { dims: value, integers: null } : value));
  const fromFile = node.outputs.map((name) => stated.get(name));
  if (fromFile.every((dims) => dims?.every((extent) => typeof extent === 'number'))) {
    return fromFile.map((dims) => ({ dims: dims as number[], integers: null }));
  }
  throw new InputError(
    `${where}: the shape behind '${node.name || node.outputs[0] || '?'}' (${node.operator || 'no operator'}) cannot be told; ` +
      'write the file with inferred shapes (onnx.shape_inference) and fixed extents.',
  );
}

/** A sparse read of a large input: only what comes out of it is read. */
const picking = new Set(['Gather', 'GatherElements', 'GatherND', 'Slice', 'Split', 'Expand']);

function movedScalars({ operator, inputs, outputs }: ReadNode, values: ReadonlyMap<string, KnownValue>): number {
  const sizeOf = (names: readonly string[]) =>
    [...new Set(names)].reduce((sum, name) => sum + count(values.get(name)?.dims ?? [0]), 0);
  const written = sizeOf(outputs.filter((name) => name !== ''));
  if (!picking.has(operator)) return sizeOf(inputs.filter((name) => name !== '')) + written;
  return 2 * written + (operator.startsWith('Gather') ? sizeOf(inputs.slice(1, 2)) : 0);
}

/** FLOPs of a product or a convolution, its class, and whether it holds parameters; null for any other operator. */
function productWork(
  node: ReadNode,
  size: number,
  values: ReadonlyMap<string, KnownValue>,
  graph: ReadGraph,
): { of: OperatorClass; flops: number; layer: boolean } | null {
  const second = node.inputs[1] ?? '';
  const weight = values.get(second);
  const first = values.get(node.inputs[0] ?? '');
  if (node.operator === 'Conv' && weight) {
    const groups = node.integers.get('group')?.[0] ?? 1;
    const of = isDepthwise(groups, first?.dims[1]) ? 'other' : 'convolution';
    return { of, flops: 2 * size * count(weight.dims.slice(1)), layer: true };
  }
  if (!products.has(node.operator)) return null;
  const inner = (node.integers.get('transA')?.[0] === 1 ? first?.dims.at(-2) : first?.dims.at(-1)) ?? 1;
  return { of: 'matrix', flops: 2 * size * inner, layer: graph.initialisers.has(second) };
}

function add(work: ForwardWork, node: ReadNode, values: ReadonlyMap<string, KnownValue>, graph: ReadGraph): void {
  if (noKernel.test(node.operator)) return;
  const output = values.get(node.outputs[0] ?? '');
  // what is known before a run is not computed in it
  if (output?.integers) return;
  work.kernels++;
  if (!output) return;
  const size = count(output.dims);
  if (activating.test(node.operator)) work.activations += size;
  const product = productWork(node, size, values, graph);
  const embeds = node.operator === 'Gather' && graph.initialisers.has(node.inputs[0] ?? '');
  const of = work.classes[product?.of ?? (embeds ? 'embedding' : 'other')];
  of.scalars += movedScalars(node, values);
  // one operation per scalar that comes out: what normalisations and activations do beyond is not told by the file
  of.flops += product?.flops ?? (embeds ? 0 : size);
  if (!product) return;
  work.flops += product.flops;
  if (product.layer) work.layers++;
}
