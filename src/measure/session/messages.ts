import type { TrainingConfig } from '../../networks/types.js';
import type { LoaderEnd } from '../loader/batch-queue.js';

export interface SessionSettings {
  config: TrainingConfig;
  /** Of the GPU; ignored on the CPU. */
  deviceId: number;
  /** Threads of the CPU provider. */
  threads: number;
}

/** A window of iterations over batches from a loader. */
export interface IterationRequest {
  loader: LoaderEnd;
  warmup: number;
  measure: number;
  learningRate: number;
}

/** Times of each measured iteration, ms. */
export interface IterationSamples {
  /** Wait for the next batch. */
  waitMs: number[];
  /** Hand-over of the batch: tensors around its memory. */
  handOverMs: number[];
  /** The training step, until its loss is back. */
  stepMs: number[];
  losses: number[];
}

export interface StepRequest {
  learningRate: number;
  /** Stop after this time; at least `minimumPairs` pairs are measured. */
  durationMs: number;
}

export interface StepTime {
  /** Median slope between the two trip counts, ms per step. */
  stepMs: number;
  /** Slope of each pair, ms per step. */
  slopesMs: number[];
  trips: readonly [number, number];
}

export type SessionCommand =
  | { kind: 'open'; settings: SessionSettings }
  | { kind: 'iterate'; request: IterationRequest }
  | { kind: 'losses'; steps: number; learningRate: number }
  | { kind: 'step'; request: StepRequest };
