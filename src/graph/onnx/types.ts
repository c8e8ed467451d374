/** The parts of the ONNX intermediate representation that we write (onnx.proto, IR version 8). */
export type FloatType = 'float32' | 'float16';
export type ElementType = FloatType | 'int64' | 'bool';

/** Extents of a tensor; a text is a symbolic extent, known only at run time. */
export type Dims = readonly (number | string)[];

export interface ValueInfo {
  name: string;
  type: ElementType;
  dims: Dims;
}

/** A constant or initial value: its bytes (little-endian, row-major), or where they lie in an external file. */
export interface TensorData {
  name: string;
  type: ElementType;
  dims: readonly number[];
  content: Uint8Array | ExternalContent;
}

export interface ExternalContent {
  location: string;
  offsetBytes: number;
  lengthBytes: number;
}

export type Attribute =
  | { int: number }
  | { float: number }
  | { text: string }
  | { ints: readonly number[] }
  | { floats: readonly number[] }
  | { texts: readonly string[] }
  | { tensor: TensorData }
  | { graph: OnnxGraph };

export interface OnnxNode {
  name: string;
  operator: string;
  /** '' for the standard operators. */
  domain: '' | 'com.microsoft' | 'ai.onnx.ml';
  /** '' leaves an optional input or output out. */
  inputs: readonly string[];
  outputs: readonly string[];
  attributes: Readonly<Record<string, Attribute>>;
}

export interface OnnxGraph {
  name: string;
  /** For the readers of a graph viewer. */
  documentation?: string;
  nodes: readonly OnnxNode[];
  initialisers: readonly TensorData[];
  inputs: readonly ValueInfo[];
  outputs: readonly ValueInfo[];
  /** Types and shapes of what lies between inputs and outputs: a viewer shows them, and a checker has more to check. */
  values?: readonly ValueInfo[];
}
