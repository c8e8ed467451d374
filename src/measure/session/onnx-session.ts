import * as ort from 'onnxruntime-node';
import { InputError } from '../../base/errors.js';
import type { PassMode } from '../../graph/autodiff/tape.js';
import type { TensorSpec, TrainingConfig } from '../../networks/types.js';
import type { BatchBuffers } from '../loader/batch-maker.js';
import { reasonAgainstPrecision } from './half-precision.js';
import { LoopTrainer } from './loop-trainer.js';
import type { OpenTimes, SessionSettings } from './messages.js';
import { PassRunner } from './pass-runner.js';
import type { Feeds, Runner } from './runner.js';
import { StepTrainer } from './step-trainer.js';

/** A training or inference graph in ONNX Runtime, on any device. Its state lives in the session; every run starts from it. */
export class OnnxSession {
  readonly #runner: Runner;

  private constructor(runner: Runner) {
    this.#runner = runner;
  }

  static async open({ config, mode, deviceId, threads }: SessionSettings): Promise<OnnxSession> {
    const obstacle = reasonAgainstPrecision(config);
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
      // What is an error is thrown too; a log of it would mix with the lines of the sweep.
      logSeverityLevel: 4,
      // Threads that spin between the operators of a step make it up to a quarter shorter; between steps they would only
      // take CPU from the loader workers.
      extra: { session: { force_spinning_stop: '1' } },
    };
    return new OnnxSession(await runnerFor(config, mode).open(config, options));
  }

  get openTimes(): OpenTimes {
    return this.#runner.openTimes;
  }

  get inputs(): readonly TensorSpec[] {
    return this.#runner.inputs;
  }

  /** Tensors around a batch's memory: inputs first, then labels where the graph reads them. Nothing is copied. */
  feeds({ inputs, labels }: BatchBuffers, learningRate: number): Feeds {
    const memory = [inputs, labels];
    const feeds = Object.fromEntries(this.inputs.map((spec, i) => [spec.name, tensor(spec, memory[i]!)]));
    const { learningRateInput } = this.#runner;
    if (learningRateInput !== null) feeds[learningRateInput] = new ort.Tensor('float32', [learningRate], []);
    return feeds;
  }

  /** Copies a batch to the device, as far as the provider allows; what is then not with the host is the caller's to dispose of. */
  place(feeds: Feeds): Promise<Feeds> {
    return this.#runner.place(feeds);
  }

  /**
   * Runs `steps` training steps on one batch from the initial state; returns the loss before each update. In inference:
   * as many forward passes; returns the logits of the last.
   */
  train(feeds: Feeds, steps: number): Promise<Float32Array> {
    return this.#runner.run(feeds, steps);
  }

  release(): Promise<void> {
    return this.#runner.release();
  }
}

function runnerFor({ provider }: TrainingConfig, mode: PassMode = 'training') {
  if (mode === 'inference') return PassRunner;
  return provider === 'webgpu' ? StepTrainer : LoopTrainer;
}

function tensor({ dtype, dims }: TensorSpec, memory: ArrayBuffer): ort.Tensor {
  return dtype === 'float32'
    ? new ort.Tensor('float32', new Float32Array(memory), dims)
    : new ort.Tensor('int64', new BigInt64Array(memory), dims);
}
