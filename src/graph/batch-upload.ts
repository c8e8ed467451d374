import { GraphBuilder, type Tensor } from './builder.js';
import { encodeModel } from './onnx/encode.js';
import { slice } from './primitives/layout.js';
import { type TensorSpec, valueInfo } from './tensor-spec.js';

/** Brings a batch's images to the device on which it runs. */
export interface BatchUploadModel {
  /** Serialised ModelProto. */
  model: Uint8Array;
  /** What is brought to the device: `output` is `input`, unchanged. */
  resident: { input: string; output: string }[];
  /** An element of each, to be fetched: it comes after the whole has arrived. */
  arrived: string[];
}

/**
 * The float32 inputs of a batch go through the device; token ids and labels, which ONNX Runtime's WebGPU provider handles on
 * the CPU, are left out. null where nothing remains.
 */
export function buildBatchUpload(inputs: readonly TensorSpec[]): BatchUploadModel | null {
  const uploaded = inputs
    .filter(({ dtype }) => dtype === 'float32')
    .map(({ name, dims }): Tensor => ({ name, type: 'float32', dims }));
  if (uploaded.length === 0) return null;
  const builder = new GraphBuilder({ provider: 'webgpu' });
  const resident = uploaded.map((input) => builder.emitOne('Identity', [input], input.dims));
  const arrived = resident.map((tensor) =>
    slice(
      builder,
      tensor,
      tensor.dims.map((_, axis) => ({ axis, start: 0, length: 1 })),
    ),
  );
  return {
    model: encodeModel({
      name: 'batch upload',
      nodes: builder.nodes,
      initialisers: builder.constants,
      inputs: uploaded.map(valueInfo),
      outputs: [...resident, ...arrived].map(valueInfo),
    }),
    resident: uploaded.map(({ name }, index) => ({ input: name, output: resident[index]!.name })),
    arrived: arrived.map(({ name }) => name),
  };
}
