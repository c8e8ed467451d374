import * as ort from 'onnxruntime-node';
import { InputError } from '../../base/errors.js';
import { trainingGraph } from '../../networks/index.js';
import type { TensorSpec, TrainingGraph } from '../../networks/types.js';
import type { BatchBuffers } from '../loader/batch-maker.js';
import type { OpenTimes, SessionSettings } from './messages.js';
import { type PlacedState, placeState } from './state-placement.js';

/** A batch and the learning rate as the session's inputs. */
export type Feeds = Record<string, ort.Tensor>;

/**
 * A training graph loaded into ONNX Runtime. Every run starts from its initial state.
 *
 * On a GPU the state stays on the device: it is placed there when the session is created, the loop carries it from step
 * to step, and a run fetches the losses alone, so that its last values are never copied back.
 */
export class OnnxSession {
  readonly #session: ort.InferenceSession;
  readonly #graph: Omit<TrainingGraph, 'model' | 'graph' | 'state'>;
  readonly #initialState: Feeds;
  readonly #tripCounts = new Map<number, ort.Tensor>();

  private constructor(
    session: ort.InferenceSession,
    graph: TrainingGraph,
    { feeds }: PlacedState,
    readonly openTimes: OpenTimes,
  ) {
    this.#session = session;
    this.#initialState = feeds;
    const { inputs, tripInput, learningRateInput, lossOutput, parameters } = graph;
    this.#graph = { inputs, tripInput, learningRateInput, lossOutput, parameters };
  }

  static async open({ config, deviceId, threads }: SessionSettings): Promise<OnnxSession> {
    if (config.precision === 16 && config.provider === 'cpu') {
      throw new InputError('Precision 16 is for GPUs: on the CPU it only adds conversions. Use precision 32.');
    }
    const begin = performance.now();
    const graph = trainingGraph(config);
    const built = performance.now();
    void graph.state.data; // It is drawn when it is first asked for.
    const drawn = performance.now();
    const provider = config.provider === 'cuda' ? { name: 'cuda' as const, deviceId } : config.provider;
    const placed = placeState(graph, config.provider);
    const session = await ort.InferenceSession.create(placed.model, {
      executionProviders: [provider],
      externalData: placed.externalData,
      executionMode: 'sequential',
      // The plan of a run's memory is made for the Loop as a whole and holds more than a step needs: without it resnet50
      // peaks at 1.2 GB instead of 1.5, vgg16 at 5.7 instead of 8, and neither is slower.
      enableMemPattern: false,
      // Our graphs come with their operators chosen: on the CPU the optimizer changes a few nodes in a hundred, no step
      // gets shorter by it, and it takes most of the time that creating a session takes.
      graphOptimizationLevel: config.provider === 'cpu' ? 'disabled' : 'all',
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      logSeverityLevel: 3,
      // Threads that spin between the operators of a step make it up to a quarter shorter; between steps they would only
      // take CPU from the loader workers.
      extra: { session: { force_spinning_stop: '1' } },
    });
    return new OnnxSession(session, graph, placed, {
      graphMs: built - begin,
      stateMs: drawn - built,
      createMs: performance.now() - drawn,
    });
  }

  get inputs(): readonly TensorSpec[] {
    return this.#graph.inputs;
  }

  /** Tensors around a batch's memory: inputs first, then labels. Nothing is copied. */
  feeds({ inputs, labels }: BatchBuffers, learningRate: number): Feeds {
    const [inputSpec, labelSpec] = this.#graph.inputs as [TensorSpec, TensorSpec];
    return {
      [inputSpec.name]: tensor(inputSpec, inputs),
      [labelSpec.name]: tensor(labelSpec, labels),
      [this.#graph.learningRateInput]: new ort.Tensor('float32', [learningRate], []),
    };
  }

  /** Runs `steps` training steps on one batch from the initial state. Returns the loss before each update. */
  async train(feeds: Feeds, steps: number): Promise<Float32Array> {
    const inputs = { ...this.#initialState, ...feeds, [this.#graph.tripInput]: this.#tripCount(steps) };
    const outputs = await this.#session.run(inputs, [this.#graph.lossOutput]);
    return outputs[this.#graph.lossOutput]!.data as Float32Array;
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
