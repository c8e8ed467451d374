import * as ort from 'onnxruntime-node';
import { type BatchUploadModel, buildBatchUpload } from '../../graph/batch-upload.js';
import type { TensorSpec } from '../../networks/types.js';
import type { Feeds } from './runner.js';

/** Copies batches to a device whose memory ONNX Runtime for Node hands out: WebGPU's. */
export class BatchUpload {
  readonly #session: ort.InferenceSession;
  readonly #graph: Pick<BatchUploadModel, 'resident' | 'arrived'>;

  private constructor(session: ort.InferenceSession, { resident, arrived }: BatchUploadModel) {
    this.#session = session;
    this.#graph = { resident, arrived };
  }

  /** null where a batch has nothing that lies on the device. */
  static async open(
    inputs: readonly TensorSpec[],
    options: ort.InferenceSession.SessionOptions,
  ): Promise<BatchUpload | null> {
    const graph = buildBatchUpload(inputs);
    if (!graph) return null;
    const onDevice = graph.resident.map(({ output }) => [output, 'gpu-buffer'] as const);
    const fetched = graph.arrived.map((output) => [output, 'cpu'] as const);
    const session = await ort.InferenceSession.create(graph.model, {
      ...options,
      preferredOutputLocation: Object.fromEntries([...onDevice, ...fetched]),
    });
    return new BatchUpload(session, graph);
  }

  /** The feeds with what lies on the device in place of the host's; returns when it has arrived. */
  async place(feeds: Feeds): Promise<Feeds> {
    const { resident } = this.#graph;
    const uploaded = resident.map(({ input }) => [input, feeds[input]!] as const);
    const outputs = await this.#session.run(Object.fromEntries(uploaded));
    return { ...feeds, ...Object.fromEntries(resident.map(({ input, output }) => [input, outputs[output]!])) };
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}
