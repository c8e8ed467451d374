import * as ort from 'onnxruntime-node';
import { InputError } from '../../base/errors.js';
import type { TensorSpec } from '../../networks/types.js';
import type { BatchBuffers } from '../loader/batch-maker.js';
import type { SessionSettings } from './messages.js';
import { type SessionGraph, sessionGraph } from './session-graph.js';

/** A batch and the learning rate as the session's inputs. */
export type Feeds = Record<string, ort.Tensor>;

/**
 * A training or inference graph loaded into ONNX Runtime. Its state lives in the session and every run starts from it.
 *
 * On a GPU the state stays on the device: as external data it is copied there once, when the session is created; the
 * loop carries it from step to step; and a run fetches the losses alone, so that its last values are never copied back.
 */
export class OnnxSession {
  readonly #session: ort.InferenceSession;
  readonly #graph: Omit<SessionGraph, 'model' | 'state'>;
  readonly #tripCounts = new Map<number, ort.Tensor>();

  private constructor(session: ort.InferenceSession, graph: SessionGraph) {
    this.#session = session;
    const { inputs, tripInput, learningRateInput, output } = graph;
    this.#graph = { inputs, tripInput, learningRateInput, output };
  }

  static async open({ config, mode, deviceId, threads }: SessionSettings): Promise<OnnxSession> {
    if (config.precision === 16 && config.provider === 'cpu') {
      throw new InputError('Precision 16 is for GPUs: on the CPU it only adds conversions. Use precision 32.');
    }
    const graph = sessionGraph(config, mode);
    const provider = config.provider === 'cuda' ? { name: 'cuda' as const, deviceId } : config.provider;
    const session = await ort.InferenceSession.create(graph.model, {
      executionProviders: [provider],
      externalData: [graph.state],
      executionMode: 'sequential',
      // The plan of a run's memory is made for the Loop as a whole and holds more than a step needs: without it resnet50
      // peaks at 1.2 GB instead of 1.5, vgg16 at 5.7 instead of 8, and neither is slower.
      enableMemPattern: false,
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      logSeverityLevel: 3,
      // Threads that spin between the operators of a step make it up to a quarter shorter; between steps they would only
      // take CPU from the loader workers.
      extra: { session: { force_spinning_stop: '1' } },
    });
    return new OnnxSession(session, graph);
  }

  get inputs(): readonly TensorSpec[] {
    return this.#graph.inputs;
  }

  /** Tensors around a batch's memory: inputs first, then labels where the graph reads them. Nothing is copied. */
  feeds({ inputs, labels }: BatchBuffers, learningRate: number): Feeds {
    const memory = [inputs, labels];
    const feeds = Object.fromEntries(this.#graph.inputs.map((spec, i) => [spec.name, tensor(spec, memory[i]!)]));
    const { learningRateInput } = this.#graph;
    if (learningRateInput !== null) feeds[learningRateInput] = new ort.Tensor('float32', [learningRate], []);
    return feeds;
  }

  /**
   * Runs `steps` training steps on one batch from the initial state; returns the loss before each update. In inference:
   * as many forward passes, each with its hand-over of batch and logits; returns the logits of the last.
   */
  async train(feeds: Feeds, steps: number): Promise<Float32Array> {
    const { tripInput } = this.#graph;
    if (tripInput !== null) return this.#run({ ...feeds, [tripInput]: this.#tripCount(steps) });
    let logits = await this.#run(feeds);
    for (let pass = 1; pass < steps; pass++) logits = await this.#run(feeds);
    return logits;
  }

  async #run(feeds: Feeds): Promise<Float32Array> {
    const { output } = this.#graph;
    const outputs = await this.#session.run(feeds, [output]);
    return outputs[output]!.data as Float32Array;
  }

  release(): Promise<void> {
    return this.#session.release();
  }

  #tripCount(steps: number): ort.Tensor {
    let count = this.#tripCounts.get(steps);
    if (!count) {
      count = new ort.Tensor('int64', [BigInt(steps)], []);
      this.#tripCounts.set(steps, count);
    }
    return count;
  }
}

function tensor({ dtype, dims }: TensorSpec, memory: ArrayBuffer): ort.Tensor {
  return dtype === 'float32'
    ? new ort.Tensor('float32', new Float32Array(memory), dims)
    : new ort.Tensor('int64', new BigInt64Array(memory), dims);
}
