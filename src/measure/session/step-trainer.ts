import * as ort from 'onnxruntime-node';
import { buildUploadModel, residentName, type StepModel } from '../../graph/step.js';
import { stepGraph } from '../../networks/index.js';
import type { TensorSpec, TrainingConfig } from '../../networks/types.js';
import { BatchUpload } from './batch-upload.js';
import type { OpenTimes } from './messages.js';
import { OpenTimer } from './open-timer.js';
import type { Feeds, Runner } from './runner.js';
import { stateTensor } from './state-tensor.js';

/**
 * A step at a time, the state in buffers of the device: on WebGPU. The provider (ONNX Runtime 1.30) has no Loop: that
 * runs as a node of the CPU, whose carried values cross to the device and back in every step (64 MiB of them made a step
 * take 510 ms instead of 60 on a software device). Here a step's new state stays where it is computed and is an input of
 * the next step; the batch, two numbers and the loss cross.
 */
export class StepTrainer implements Runner {
  readonly inputs: readonly TensorSpec[];
  readonly learningRateInput: string;
  readonly #session: ort.InferenceSession;
  /** Its buffers live as long as the session that made them. */
  readonly #upload: ort.InferenceSession;
  readonly #batchUpload: BatchUpload | null;
  readonly #initial: Feeds;
  readonly #graph: Pick<StepModel, 'carried' | 'stepNumberInput' | 'lossOutput'>;

  private constructor(
    session: ort.InferenceSession,
    upload: ort.InferenceSession,
    batchUpload: BatchUpload | null,
    initial: Feeds,
    graph: StepModel,
    readonly openTimes: OpenTimes,
  ) {
    this.inputs = graph.inputs;
    this.learningRateInput = graph.learningRateInput;
    this.#session = session;
    this.#upload = upload;
    this.#batchUpload = batchUpload;
    this.#initial = initial;
    const { carried, stepNumberInput, lossOutput } = graph;
    this.#graph = { carried, stepNumberInput, lossOutput };
  }

  static async open(config: TrainingConfig, options: ort.InferenceSession.SessionOptions): Promise<StepTrainer> {
    const timer = new OpenTimer();
    const graph = stepGraph(config);
    timer.draw(graph.initial);
    const { executionProviders, logSeverityLevel } = options;
    const uploadOptions = { executionProviders: executionProviders!, logSeverityLevel: logSeverityLevel! };
    const upload = await ort.InferenceSession.create(buildUploadModel(graph.initial), {
      ...uploadOptions,
      preferredOutputLocation: 'gpu-buffer',
    });
    const resident = await upload.run(
      Object.fromEntries(graph.initial.pieces.map((piece) => [piece.name, stateTensor(graph.initial, piece)])),
    );
    const session = await ort.InferenceSession.create(graph.model, {
      ...options,
      preferredOutputLocation: Object.fromEntries(graph.carried.map(({ output }) => [output, 'gpu-buffer'])),
    });
    const initial = graph.carried.map(({ input, initial }) => [input, resident[residentName(initial)]!]);
    const batchUpload = await BatchUpload.open(graph.inputs, uploadOptions);
    return new StepTrainer(session, upload, batchUpload, Object.fromEntries(initial), graph, timer.end());
  }

  async place(feeds: Feeds): Promise<Feeds> {
    return this.#batchUpload ? this.#batchUpload.place(feeds) : feeds;
  }

  async run(feeds: Feeds, steps: number): Promise<Float32Array> {
    const losses = new Float32Array(steps);
    let state = this.#initial;
    try {
      for (let step = 0; step < steps; step++) {
        const { loss, next } = await this.#step({ ...feeds, ...state }, step + 1);
        this.#discard(state);
        losses[step] = loss;
        state = next;
      }
    } finally {
      this.#discard(state);
    }
    return losses;
  }

  async release(): Promise<void> {
    dispose(this.#initial);
    await this.#session.release();
    await this.#upload.release();
    await this.#batchUpload?.release();
  }

  async #step(feeds: Feeds, stepNumber: number): Promise<{ loss: number; next: Feeds }> {
    const { carried, stepNumberInput, lossOutput } = this.#graph;
    const outputs = await this.#session.run({
      ...feeds,
      [stepNumberInput]: new ort.Tensor('float32', [stepNumber], []),
    });
    const next = carried.map(({ input, output }) => [input, outputs[output]!]);
    return { loss: (outputs[lossOutput]!.data as Float32Array)[0]!, next: Object.fromEntries(next) };
  }

  /** Frees a state's buffers, unless every run starts from them. */
  #discard(state: Feeds): void {
    if (state !== this.#initial) dispose(state);
  }
}

function dispose(tensors: Feeds): void {
  for (const tensor of Object.values(tensors)) tensor.dispose();
}
