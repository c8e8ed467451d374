import { ProtobufWriter } from './protobuf.js';
import type { Attribute, ElementType, OnnxGraph, OnnxNode, TensorData, ValueInfo } from './types.js';

/** Version of each domain of operators that a model uses. */
export type Opsets = Readonly<Partial<Record<OnnxNode['domain'], number>>>;

// Opset 17 is the first with LayerNormalization, and the newest that Debian's checker knows; IR version 8 came with it.
export const irVersion = 8;
export const opsets: Opsets & Record<'' | 'com.microsoft', number> = { '': 17, 'com.microsoft': 1 };

/** TensorProto.DataType */
export const elementTypeCode: Record<ElementType, number> = { float32: 1, int64: 7, bool: 9, float16: 10 };

const attributeTypeCode = { float: 1, int: 2, text: 3, tensor: 4, graph: 5, floats: 6, ints: 7, texts: 8 };
const externalDataLocation = 1;

/** What a model says of itself; nothing is computed from it. */
export interface ModelDocumentation {
  text: string;
  producerVersion: string;
  /** Keys and values, in order. */
  properties: Readonly<Record<string, string>>;
}

/** A serialised ModelProto. Field numbers below are those of onnx.proto. */
export function encodeModel(
  graph: OnnxGraph,
  documentation?: ModelDocumentation,
  imports: Opsets = opsets,
): Uint8Array {
  const model = new ProtobufWriter();
  model.integer(1, irVersion);
  model.text(2, 'orion-bench');
  if (documentation) {
    model.text(3, documentation.producerVersion);
    model.text(6, documentation.text);
  }
  model.message(7, (writer) => writeGraph(writer, graph));
  for (const [domain, version] of Object.entries(imports)) {
    model.message(8, (writer) => writeOpset(writer, domain, version));
  }
  for (const [key, value] of Object.entries(documentation?.properties ?? {})) {
    model.message(14, (entry) => writeEntry(entry, key, value));
  }
  return model.finish().slice();
}

function writeOpset(writer: ProtobufWriter, domain: string, version: number): void {
  writer.text(1, domain);
  writer.integer(2, version);
}

function writeGraph(writer: ProtobufWriter, graph: OnnxGraph): void {
  for (const node of graph.nodes) writer.message(1, (inner) => writeNode(inner, node));
  writer.text(2, graph.name);
  for (const tensor of graph.initialisers) writer.message(5, (inner) => writeTensor(inner, tensor));
  for (const input of graph.inputs) writer.message(11, (inner) => writeValueInfo(inner, input));
  if (graph.documentation) writer.text(10, graph.documentation);
  for (const output of graph.outputs) writer.message(12, (inner) => writeValueInfo(inner, output));
  for (const value of graph.values ?? []) writer.message(13, (inner) => writeValueInfo(inner, value));
}

function writeNode(writer: ProtobufWriter, node: OnnxNode): void {
  for (const input of node.inputs) writer.text(1, input);
  for (const output of node.outputs) writer.text(2, output);
  writer.text(3, node.name);
  writer.text(4, node.operator);
  for (const [name, attribute] of Object.entries(node.attributes)) {
    writer.message(5, (inner) => writeAttribute(inner, name, attribute));
  }
  if (node.domain) writer.text(7, node.domain);
}

function writeAttribute(writer: ProtobufWriter, name: string, attribute: Attribute): void {
  const typeField = 20;
  writer.text(1, name);
  if ('float' in attribute) {
    writer.float32(2, attribute.float);
    writer.integer(typeField, attributeTypeCode.float);
  } else if ('int' in attribute) {
    writer.integer(3, attribute.int);
    writer.integer(typeField, attributeTypeCode.int);
  } else if ('text' in attribute) {
    writer.text(4, attribute.text);
    writer.integer(typeField, attributeTypeCode.text);
  } else if ('tensor' in attribute) {
    writer.message(5, (inner) => writeTensor(inner, attribute.tensor));
    writer.integer(typeField, attributeTypeCode.tensor);
  } else if ('graph' in attribute) {
    writer.message(6, (inner) => writeGraph(inner, attribute.graph));
    writer.integer(typeField, attributeTypeCode.graph);
  } else if ('floats' in attribute) {
    for (const value of attribute.floats) writer.float32(7, value);
    writer.integer(typeField, attributeTypeCode.floats);
  } else if ('texts' in attribute) {
    for (const value of attribute.texts) writer.text(9, value);
    writer.integer(typeField, attributeTypeCode.texts);
  } else {
    for (const value of attribute.ints) writer.integer(8, value);
    writer.integer(typeField, attributeTypeCode.ints);
  }
}

function writeTensor(writer: ProtobufWriter, tensor: TensorData): void {
  for (const extent of tensor.dims) writer.integer(1, extent);
  writer.integer(2, elementTypeCode[tensor.type]);
  writer.text(8, tensor.name);
  const { content } = tensor;
  if (content instanceof Uint8Array) {
    writer.bytes(9, content);
    return;
  }
  const entries = { location: content.location, offset: content.offsetBytes, length: content.lengthBytes };
  for (const [key, value] of Object.entries(entries)) {
    writer.message(13, (entry) => writeEntry(entry, key, String(value)));
  }
  writer.integer(14, externalDataLocation);
}

/** StringStringEntryProto */
function writeEntry(writer: ProtobufWriter, key: string, value: string): void {
  writer.text(1, key);
  writer.text(2, value);
}

function writeValueInfo(writer: ProtobufWriter, info: ValueInfo): void {
  writer.text(1, info.name);
  writer.message(2, (type) => {
    type.message(1, (tensorType) => {
      tensorType.integer(1, elementTypeCode[info.type]);
      tensorType.message(2, (shape) => {
        for (const extent of info.dims) {
          shape.message(1, (dim) => {
            if (typeof extent === 'string') dim.text(2, extent);
            else dim.integer(1, extent);
          });
        }
      });
    });
  });
}
