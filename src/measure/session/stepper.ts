import type { BatchBuffers } from '../loader/batch-maker.js';
import type { OnnxSession } from './onnx-session.js';
import { waitPrecisely } from './precise-wait.js';
import type { Feeds } from './runner.js';

/** What carries out the training step of an iteration. `Held` is a batch as the device has it. */
export interface Stepper<Held = unknown> {
  handOver(batch: BatchBuffers): Promise<Held>;
  /** Returns the loss before the update; null where nothing is computed. */
  step(held: Held): Promise<number | null>;
  /** The batch is no longer needed. */
  letGo(held: Held): void;
}

/** Trains one step of the session from its initial state. */
export class SessionStepper implements Stepper<Feeds> {
  readonly #session: OnnxSession;
  readonly #learningRate: number;

  constructor(session: OnnxSession, learningRate: number) {
    this.#session = session;
    this.#learningRate = learningRate;
  }

  handOver(batch: BatchBuffers): Promise<Feeds> {
    return this.#session.place(this.#session.feeds(batch, this.#learningRate));
  }

  async step(held: Feeds): Promise<number> {
    const [loss] = await this.#session.train(held, 1);
    return loss!;
  }

  letGo(held: Feeds): void {
    for (const tensor of Object.values(held)) if (tensor.location !== 'cpu') tensor.dispose();
  }
}

/**
 * Stands in for an accelerator that is not there: a step is a wait of the length that was measured elsewhere, the copy of
 * the batch included as far as it was there.
 */
export class EmulatedStepper implements Stepper<null> {
  readonly #stepMs: number;

  constructor(stepMs: number) {
    this.#stepMs = stepMs;
  }

  async handOver(): Promise<null> {
    return null;
  }

  async step(): Promise<null> {
    waitPrecisely(this.#stepMs);
    return null;
  }

  letGo(): void {}
}
