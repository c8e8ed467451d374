import * as ort from 'onnxruntime-node';
import { trainingGraph } from '../../networks/index.js';
import type { TensorSpec, TrainingConfig, TrainingGraph } from '../../networks/types.js';
import type { OpenTimes } from './messages.js';
import { OpenTimer } from './open-timer.js';
import type { Feeds, Runner } from './runner.js';
import { type PlacedState, placeState } from './state-placement.js';

/**
 * All steps of a run in one Loop: on the CPU and on CUDA.
 *
 * On a GPU the state stays on the device: it is placed there when the session is created, the loop carries it from step
 * to step, and a run fetches the losses alone, so that its last values are never copied back.
 */
export class LoopTrainer implements Runner {
  readonly inputs: readonly TensorSpec[];
  readonly learningRateInput: string;
  readonly #session: ort.InferenceSession;
  readonly #initialState: Feeds;
  readonly #tripInput: string;
  readonly #lossOutput: string;
  readonly #tripCounts = new Map<number, ort.Tensor>();

  private constructor(
    session: ort.InferenceSession,
    graph: TrainingGraph,
    { feeds }: PlacedState,
    readonly openTimes: OpenTimes,
  ) {
    this.inputs = graph.inputs;
    this.learningRateInput = graph.learningRateInput;
    this.#session = session;
    this.#initialState = feeds;
    this.#tripInput = graph.tripInput;
    this.#lossOutput = graph.lossOutput;
  }

  static async open(config: TrainingConfig, options: ort.InferenceSession.SessionOptions): Promise<LoopTrainer> {
    const timer = new OpenTimer();
    const graph = trainingGraph(config);
    timer.draw(graph.state);
    const placed = placeState(graph, config.provider);
    const session = await ort.InferenceSession.create(placed.model, {
      ...options,
      // Our graphs come with their operators chosen: on the CPU the optimizer changes a few nodes in a hundred, no step
      // gets shorter by it, and it takes most of the time that creating a session takes.
      graphOptimizationLevel: config.provider === 'cpu' ? 'disabled' : 'all',
      externalData: placed.externalData,
    });
    return new LoopTrainer(session, graph, placed, timer.end());
  }

  /** ONNX Runtime for Node keeps nothing in CUDA's memory between runs: the copy is part of a run. */
  async place(feeds: Feeds): Promise<Feeds> {
    return feeds;
  }

  async run(feeds: Feeds, steps: number): Promise<Float32Array> {
    const inputs = { ...this.#initialState, ...feeds, [this.#tripInput]: this.#tripCount(steps) };
    const outputs = await this.#session.run(inputs, [this.#lossOutput]);
    return outputs[this.#lossOutput]!.data as Float32Array;
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
