import { bytesIn, integerIn, integersOf, textIn, type WireField, wireFields } from './wire.js';

/** What we read of an ONNX file: operators, shapes, and the integers that shapes are computed from. */
export interface ReadGraph {
  nodes: ReadNode[];
  /** By name. */
  initialisers: Map<string, ReadTensor>;
  /** Those that no initialiser gives. */
  inputs: ReadValue[];
  /** Shapes that the file states for values in between and outputs. */
  stated: ReadValue[];
}

export interface ReadNode {
  operator: string;
  name: string;
  inputs: string[];
  outputs: string[];
  integers: Map<string, number[]>;
  tensors: Map<string, ReadTensor>;
}

export interface ReadTensor {
  dims: number[];
  /** Of int64 and int32 tensors of few elements that lie in the file; else null. */
  integers: number[] | null;
}

export interface ReadValue {
  name: string;
  /** A text is a symbolic extent, null one that is not stated; the whole is null where there is no shape. */
  dims: (number | string | null)[] | null;
}

const int32Type = 6;
const int64Type = 7;
/** Shapes have a handful of extents; what is longer is no shape. */
const mostIntegers = 64;

/** Calls the function of each field that has one. Field numbers are those of onnx.proto. */
function each(bytes: Uint8Array, readers: Readonly<Record<number, (field: WireField) => void>>): void {
  for (const field of wireFields(bytes)) readers[field.field]?.(field);
}

/** Reads a serialised ModelProto. Throws RangeError for what is none. */
export function decodeModel(bytes: Uint8Array): ReadGraph {
  let graph: ReadGraph | null = null;
  each(bytes, {
    7: (field) => {
      graph = decodeGraph(bytesIn(field));
    },
  });
  if (!graph) throw new RangeError('there is no graph in it');
  return graph;
}

function decodeGraph(bytes: Uint8Array): ReadGraph {
  const graph: ReadGraph = { nodes: [], initialisers: new Map(), inputs: [], stated: [] };
  each(bytes, {
    1: (field) => graph.nodes.push(decodeNode(bytesIn(field))),
    5: (field) => {
      const { name, ...tensor } = decodeTensor(bytesIn(field));
      graph.initialisers.set(name, tensor);
    },
    11: (field) => graph.inputs.push(decodeValue(bytesIn(field))),
    12: (field) => graph.stated.push(decodeValue(bytesIn(field))),
    13: (field) => graph.stated.push(decodeValue(bytesIn(field))),
  });
  graph.inputs = graph.inputs.filter(({ name }) => !graph.initialisers.has(name));
  return graph;
}

function decodeNode(bytes: Uint8Array): ReadNode {
  const node: ReadNode = {
    operator: '',
    name: '',
    inputs: [],
    outputs: [],
    integers: new Map(),
    tensors: new Map(),
  };
  each(bytes, {
    1: (field) => node.inputs.push(textIn(field)),
    2: (field) => node.outputs.push(textIn(field)),
    3: (field) => {
      node.name = textIn(field);
    },
    4: (field) => {
      node.operator = textIn(field);
    },
    5: (field) => decodeAttribute(bytesIn(field), node),
  });
  return node;
}

function decodeAttribute(bytes: Uint8Array, node: ReadNode): void {
  let name = '';
  const integers: number[] = [];
  let tensor: ReadTensor | null = null;
  each(bytes, {
    1: (field) => {
      name = textIn(field);
    },
    3: (field) => integers.push(integerIn(field)),
    5: (field) => {
      tensor = decodeTensor(bytesIn(field));
    },
    8: (field) => integers.push(...integersOf(field)),
  });
  node.integers.set(name, integers);
  if (tensor) node.tensors.set(name, tensor);
}

function decodeTensor(bytes: Uint8Array): ReadTensor & { name: string } {
  let name = '';
  let type = 0;
  let raw: Uint8Array | null = null;
  const dims: number[] = [];
  const listed: number[] = [];
  each(bytes, {
    1: (field) => dims.push(...integersOf(field)),
    2: (field) => {
      type = integerIn(field);
    },
    5: (field) => listed.push(...integersOf(field)),
    7: (field) => listed.push(...integersOf(field)),
    8: (field) => {
      name = textIn(field);
    },
    9: (field) => {
      raw = bytesIn(field);
    },
  });
  if (dims.some((extent) => extent < 0)) throw new RangeError(`the tensor '${name}' has a negative extent`);
  const count = dims.reduce((product, extent) => product * extent, 1);
  if (!(type === int64Type || type === int32Type) || count > mostIntegers) return { name, dims, integers: null };
  const integers = raw === null ? listed : integersInBytes(raw, type === int64Type ? 8 : 4);
  return { name, dims, integers: integers.length === count ? integers : null };
}

function integersInBytes(bytes: Uint8Array, width: 4 | 8): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor(bytes.length / width) }, (_, i) =>
    width === 8 ? Number(view.getBigInt64(8 * i, true)) : view.getInt32(4 * i, true),
  );
}

function decodeValue(bytes: Uint8Array): ReadValue {
  const value: ReadValue = { name: '', dims: null };
  each(bytes, {
    1: (field) => {
      value.name = textIn(field);
    },
    2: (type) =>
      each(bytesIn(type), { 1: (tensor) => each(bytesIn(tensor), { 2: (shape) => readShape(shape, value) }) }),
  });
  return value;
}

function readShape(shape: WireField, value: ReadValue): void {
  const dims: (number | string | null)[] = [];
  each(bytesIn(shape), {
    1: (dim) => {
      let extent: number | string | null = null;
      each(bytesIn(dim), {
        1: (field) => {
          extent = integerIn(field);
        },
        2: (field) => {
          extent = textIn(field);
        },
      });
      dims.push(extent);
    },
  });
  value.dims = dims;
}
