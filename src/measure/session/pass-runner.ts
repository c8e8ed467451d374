import * as ort from 'onnxruntime-node';
import { inferenceGraph } from '../../networks/index.js';
import type { InferenceGraph, TensorSpec, TrainingConfig } from '../../networks/types.js';
import type { OpenTimes } from './messages.js';
import { OpenTimer } from './open-timer.js';
import type { Feeds, Runner } from './runner.js';

/** Forward passes alone, one after the other, each with its hand-over of batch and logits. */
export class PassRunner implements Runner {
  readonly inputs: readonly TensorSpec[];
  readonly learningRateInput = null;
  readonly #session: ort.InferenceSession;
  readonly #output: string;

  private constructor(
    session: ort.InferenceSession,
    graph: InferenceGraph,
    readonly openTimes: OpenTimes,
  ) {
    this.inputs = graph.inputs;
    this.#session = session;
    this.#output = graph.logits.name;
  }

  static async open(config: TrainingConfig, options: ort.InferenceSession.SessionOptions): Promise<PassRunner> {
    const timer = new OpenTimer();
    const graph = inferenceGraph(config);
    timer.draw(graph.state);
    const session = await ort.InferenceSession.create(graph.model, { ...options, externalData: [graph.state] });
    return new PassRunner(session, graph, timer.end());
  }

  /** Each pass copies its batch. */
  async place(feeds: Feeds): Promise<Feeds> {
    return feeds;
  }

  /** Returns the logits of the last pass. */
  async run(feeds: Feeds, passes: number): Promise<Float32Array> {
    let logits = await this.#pass(feeds);
    for (let pass = 1; pass < passes; pass++) logits = await this.#pass(feeds);
    return logits;
  }

  release(): Promise<void> {
    return this.#session.release();
  }

  async #pass(feeds: Feeds): Promise<Float32Array> {
    const outputs = await this.#session.run(feeds, [this.#output]);
    return outputs[this.#output]!.data as Float32Array;
  }
}
