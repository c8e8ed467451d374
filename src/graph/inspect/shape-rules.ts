import type { ReadNode } from '../onnx/decode.js';

/** A value as far as shapes go. */
export interface KnownValue {
  dims: number[];
  /** The value itself where it is a short list of integers that is known before a run. */
  integers: number[] | null;
}

type Inputs = readonly (KnownValue | null)[];
/** Shapes of the outputs; null where the rule cannot tell. Inputs that are left out, or not known, are null. */
export type ShapeRule = (inputs: Inputs, node: ReadNode) => (number[] | KnownValue)[] | null | undefined;

const list = (node: ReadNode, name: string): number[] | null => node.integers.get(name) ?? null;
const one = (node: ReadNode, name: string, otherwise: number): number => node.integers.get(name)?.[0] ?? otherwise;
const product = (dims: readonly number[]): number => dims.reduce((total, extent) => total * extent, 1);
const positive = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

/** Shape of an operation on two tensors, the smaller repeated (NumPy's rule); null where they do not fit. */
export function broadcast(a: readonly number[], b: readonly number[]): number[] | null {
  const rank = Math.max(a.length, b.length);
  const dims: number[] = [];
  for (let i = 0; i < rank; i++) {
    const left = a[a.length - rank + i] ?? 1;
    const right = b[b.length - rank + i] ?? 1;
    if (left !== right && left !== 1 && right !== 1) return null;
    dims.push(left === 1 ? right : left);
  }
  return dims;
}

const same: ShapeRule = ([x], node) => x && node.outputs.map(() => [...x.dims]);

function combined(fold: ((a: number, b: number) => number) | null): ShapeRule {
  return (inputs) => {
    const present = inputs.filter((input) => input !== null);
    if (present.length !== inputs.length || present.length === 0) return null;
    let dims: number[] | null = present[0]!.dims;
    for (const { dims: other } of present.slice(1)) dims = dims && broadcast(dims, other);
    if (!dims) return null;
    const [a, b] = present;
    if (!fold || present.length !== 2 || !a!.integers || !b!.integers) return [dims];
    const count = product(dims);
    const at = (values: number[], i: number) => values[values.length === 1 ? 0 : i]!;
    return [
      { dims, integers: Array.from({ length: count }, (_, i) => fold(at(a!.integers!, i), at(b!.integers!, i))) },
    ];
  };
}

const matmul: ShapeRule = ([a, b], node) => {
  if (!a || !b || a.dims.length === 0 || b.dims.length === 0) return null;
  const turned = (dims: number[], name: string) =>
    one(node, name, 0) === 1 ? [...dims.slice(0, -2), dims.at(-1)!, dims.at(-2)!] : dims;
  const left = a.dims.length === 1 ? [1, ...a.dims] : turned(a.dims, 'transA');
  const right = b.dims.length === 1 ? [...b.dims, 1] : turned(b.dims, 'transB');
  if (left.at(-1) !== right.at(-2)) return null;
  const outer = broadcast(left.slice(0, -2), right.slice(0, -2));
  if (!outer) return null;
  const rows = a.dims.length === 1 ? [] : [left.at(-2)!];
  const columns = b.dims.length === 1 ? [] : [right.at(-1)!];
  return [[...outer, ...rows, ...columns]];
};

/** Extents after a window slides over them; padding by the attribute, or such that the stride divides. */
function slid(node: ReadNode, spatial: number[], kernel: number[]): number[] | null {
  const strides = list(node, 'strides') ?? spatial.map(() => 1);
  const dilations = list(node, 'dilations') ?? spatial.map(() => 1);
  const pads = list(node, 'pads') ?? spatial.flatMap(() => [0, 0]);
  const up = one(node, 'ceil_mode', 0) === 1;
  const dims = spatial.map((extent, i) => {
    const window = dilations[i]! * (kernel[i]! - 1) + 1;
    const steps = (extent + pads[i]! + pads[i + spatial.length]! - window) / strides[i]!;
    return (up ? Math.ceil(steps) : Math.floor(steps)) + 1;
  });
  return dims.every((extent) => extent > 0) ? dims : null;
}

const convolution: ShapeRule = ([x, w], node) => {
  if (!x || !w || x.dims.length < 3 || w.dims.length !== x.dims.length) return null;
  if (w.dims[1]! * one(node, 'group', 1) !== x.dims[1]) return null;
  const spatial = slid(node, x.dims.slice(2), w.dims.slice(2));
  return spatial && [[x.dims[0]!, w.dims[0]!, ...spatial]];
};

const pool: ShapeRule = ([x], node) => {
  const kernel = list(node, 'kernel_shape');
  if (!x || !kernel || kernel.length !== x.dims.length - 2) return null;
  const spatial = slid(node, x.dims.slice(2), kernel);
  return spatial && node.outputs.map(() => [...x.dims.slice(0, 2), ...spatial]);
};

const globalPool: ShapeRule = ([x]) => x && [[...x.dims.slice(0, 2), ...x.dims.slice(2).map(() => 1)]];

const flatten: ShapeRule = ([x], node) => {
  if (!x) return null;
  const axis = positive(one(node, 'axis', 1), x.dims.length);
  return [[product(x.dims.slice(0, axis)), product(x.dims.slice(axis))]];
};

const reshape: ShapeRule = ([x, shape]) => {
  if (!x || !shape?.integers) return null;
  const dims = shape.integers.map((extent, i) => (extent === 0 ? x.dims[i]! : extent));
  const open = dims.indexOf(-1);
  if (open >= 0) dims[open] = product(x.dims) / product(dims.filter((extent) => extent !== -1));
  if (!dims.every((extent) => Number.isInteger(extent) && extent >= 0) || product(dims) !== product(x.dims))
    return null;
  return [{ dims, integers: x.integers }];
};

const transpose: ShapeRule = ([x], node) => {
  if (!x) return null;
  const order = list(node, 'perm') ?? x.dims.map((_, i) => x.dims.length - 1 - i);
  const dims = order.map((axis) => x.dims[axis]);
  return dims.length === x.dims.length && dims.every((extent) => extent !== undefined) ? [dims as number[]] : null;
};

const concatenate: ShapeRule = (inputs, node) => {
  const present = inputs.filter((input) => input !== null);
  if (present.length !== inputs.length || present.length === 0) return null;
  const dims = [...present[0]!.dims];
  const axis = positive(one(node, 'axis', 0), dims.length);
  dims[axis] = present.reduce((sum, input) => sum + input.dims[axis]!, 0);
  const integers = present.every((input) => input.integers) ? present.flatMap((input) => input.integers!) : null;
  return [{ dims, integers: dims.length === 1 ? integers : null }];
};

/** Axes come as an attribute, or as an input of newer operator sets. */
const axesOf = (node: ReadNode, input: KnownValue | null | undefined): number[] | null =>
  list(node, 'axes') ?? input?.integers ?? null;

const unsqueeze: ShapeRule = ([x, axes], node) => {
  const added = axesOf(node, axes);
  if (!x || !added) return null;
  const rank = x.dims.length + added.length;
  const places = new Set(added.map((axis) => positive(axis, rank)));
  const rest = [...x.dims];
  return [{ dims: Array.from({ length: rank }, (_, i) => (places.has(i) ? 1 : rest.shift()!)), integers: x.integers }];
};

const squeeze: ShapeRule = ([x, axes], node) => {
  if (!x) return null;
  const removed = axesOf(node, axes)?.map((axis) => positive(axis, x.dims.length));
  const dims = x.dims.filter((extent, i) => (removed ? !removed.includes(i) : extent !== 1));
  return [{ dims, integers: x.integers }];
};

const reduce: ShapeRule = ([x, axes], node) => {
  if (!x) return null;
  const reduced = (axesOf(node, axes) ?? x.dims.map((_, i) => i)).map((axis) => positive(axis, x.dims.length));
  if (one(node, 'keepdims', 1) === 1) return [x.dims.map((extent, i) => (reduced.includes(i) ? 1 : extent))];
  return [x.dims.filter((_, i) => !reduced.includes(i))];
};

const gather: ShapeRule = ([x, indices], node) => {
  if (!x || !indices) return null;
  const axis = positive(one(node, 'axis', 0), x.dims.length);
  const dims = [...x.dims.slice(0, axis), ...indices.dims, ...x.dims.slice(axis + 1)];
  const picked = x.integers && indices.integers?.map((index) => x.integers!.at(index));
  return [
    {
      dims,
      integers: x.dims.length === 1 && picked?.every((each) => each !== undefined) ? (picked as number[]) : null,
    },
  ];
};

const slice: ShapeRule = ([x, starts, ends, axes, steps]) => {
  if (!x || !starts?.integers || !ends?.integers) return null;
  const dims = [...x.dims];
  let integers = x.integers;
  for (const [i, start] of starts.integers.entries()) {
    const axis = positive(axes?.integers?.[i] ?? i, dims.length);
    const step = steps?.integers?.[i] ?? 1;
    if (step < 1 || dims[axis] === undefined) return null;
    const clamp = (index: number) => Math.min(Math.max(index < 0 ? index + dims[axis]! : index, 0), dims[axis]!);
    const [from, to] = [clamp(start), clamp(ends.integers[i]!)];
    if (x.dims.length === 1) integers = integers?.slice(from, to).filter((_, j) => j % step === 0) ?? null;
    dims[axis] = Math.max(Math.ceil((to - from) / step), 0);
  }
  return [{ dims, integers: x.dims.length === 1 ? integers : null }];
};

const split: ShapeRule = ([x, sizes], node) => {
  if (!x) return null;
  const axis = positive(one(node, 'axis', 0), x.dims.length);
  const parts = list(node, 'split') ?? sizes?.integers ?? node.outputs.map(() => x.dims[axis]! / node.outputs.length);
  if (!parts.every(Number.isInteger) || parts.length !== node.outputs.length) return null;
  return parts.map((part) => x.dims.map((extent, i) => (i === axis ? part : extent)));
};

const expand: ShapeRule = ([x, shape]) => {
  const dims = x && shape?.integers ? broadcast(x.dims, shape.integers) : null;
  return dims && [dims];
};

const shapeOf: ShapeRule = ([x]) => x && [{ dims: [x.dims.length], integers: [...x.dims] }];
const filled: ShapeRule = ([shape]) => (shape?.integers ? [[...shape.integers]] : null);
const constant: ShapeRule = (_, node) => {
  const tensor = node.tensors.get('value');
  if (tensor) return [tensor];
  const integers = list(node, 'value_int') ?? list(node, 'value_ints');
  if (!integers) return [[]];
  return [{ dims: node.integers.has('value_int') ? [] : [integers.length], integers }];
};
const kept: ShapeRule = ([x]) => x && [x];

const rulesBy: readonly (readonly [rule: ShapeRule, operators: string])[] = [
  [
    same,
    'Relu Gelu FastGelu Sigmoid Tanh Erf Exp Log Sqrt Reciprocal Neg Abs Clip LeakyRelu Elu Selu Softplus HardSwish HardSigmoid ' +
      'Mish Softmax LogSoftmax Dropout BatchNormalization LayerNormalization InstanceNormalization GroupNormalization Not Trilu ' +
      'Floor Ceil Round Sign Sin Cos IsNaN CumSum ScatterND',
  ],
  [kept, 'Identity Cast'],
  [combined(null), 'Pow Max Min Where Equal Greater GreaterOrEqual Less LessOrEqual And Or Xor Mod PRelu Sum'],
  [combined((a, b) => a + b), 'Add'],
  [combined((a, b) => a - b), 'Sub'],
  [combined((a, b) => a * b), 'Mul'],
  [combined((a, b) => Math.trunc(a / b)), 'Div'],
  [matmul, 'MatMul Gemm FusedMatMul'],
  [convolution, 'Conv'],
  [pool, 'MaxPool AveragePool LpPool'],
  [globalPool, 'GlobalAveragePool GlobalMaxPool'],
  [flatten, 'Flatten'],
  [reshape, 'Reshape'],
  [transpose, 'Transpose'],
  [concatenate, 'Concat'],
  [unsqueeze, 'Unsqueeze'],
  [squeeze, 'Squeeze'],
  [reduce, 'ReduceMean ReduceSum ReduceMax ReduceMin ReduceL2 ReduceProd'],
  [gather, 'Gather'],
  [slice, 'Slice'],
  [split, 'Split'],
  [expand, 'Expand'],
  [shapeOf, 'Shape'],
  [filled, 'ConstantOfShape'],
  [constant, 'Constant'],
];

/** By operator. */
export const shapeRules: ReadonlyMap<string, ShapeRule> = new Map(
  rulesBy.flatMap(([rule, operators]) => operators.split(' ').map((operator) => [operator, rule] as const)),
);
