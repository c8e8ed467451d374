import * as ort from 'onnxruntime-node';
import { InputError } from '../../base/errors.js';
import type { TensorSpec } from '../../networks/types.js';
import type { BatchBuffers } from '../loader/batch-maker.js';
import { reasonAgainstHalf } from './half-precision.js';
import { LoopTrainer } from './loop-trainer.js';
import type { SessionSettings } from './messages.js';
import { StepTrainer } from './step-trainer.js';
import type { Feeds, Trainer } from './trainer.js';

/** A training graph loaded into ONNX Runtime, on any device. Its state lives in the session and every run starts from it. */
export class OnnxSession {
  readonly #trainer: Trainer;

  private constructor(trainer: Trainer) {
    this.#trainer = trainer;
  }

  static async open({ config, deviceId, threads }: SessionSettings): Promise<OnnxSession> {
    const obstacle = config.precision === 16 ? reasonAgainstHalf(config.provider) : null;
    if (obstacle) throw new InputError(`Use precision 32 here: ${obstacle}.`);
    const provider = config.provider === 'cuda' ? { name: 'cuda' as const, deviceId } : config.provider;
    const options: ort.InferenceSession.SessionOptions = {
      executionProviders: [provider],
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
    };
    const trainer = config.provider === 'webgpu' ? StepTrainer : LoopTrainer;
    return new OnnxSession(await trainer.open(config, options));
  }

  get inputs(): readonly TensorSpec[] {
    return this.#trainer.inputs;
  }

  /** Tensors around a batch's memory: inputs first, then labels. Nothing is copied. */
  feeds({ inputs, labels }: BatchBuffers, learningRate: number): Feeds {
    const [inputSpec, labelSpec] = this.#trainer.inputs as [TensorSpec, TensorSpec];
    return {
      [inputSpec.name]: tensor(inputSpec, inputs),
      [labelSpec.name]: tensor(labelSpec, labels),
      [this.#trainer.learningRateInput]: new ort.Tensor('float32', [learningRate], []),
    };
  }

  /** Runs `steps` training steps on one batch from the initial state. Returns the loss before each update. */
  train(feeds: Feeds, steps: number): Promise<Float32Array> {
    return this.#trainer.train(feeds, steps);
  }

  release(): Promise<void> {
    return this.#trainer.release();
  }
}

function tensor({ dtype, dims }: TensorSpec, memory: ArrayBuffer): ort.Tensor {
  return dtype === 'float32'
    ? new ort.Tensor('float32', new Float32Array(memory), dims)
    : new ort.Tensor('int64', new BigInt64Array(memory), dims);
}
