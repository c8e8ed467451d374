import type { PassMode } from '../../graph/autodiff/tape.js';
import type { TrainingConfig } from '../../networks/types.js';
import type { LoaderEnd } from '../loader/batch-queue.js';
import type { Window, WindowPlan } from './iteration-window.js';
import type { WarmUpEnd } from './warm-up.js';

export interface SessionSettings {
  config: TrainingConfig;
  /** Training steps unless given; inference: forward passes alone, which have no learning rate, and logits for losses. */
  mode?: PassMode;
  /** Of the GPU; ignored on the CPU. */
  deviceId: number;
  /** Threads of the CPU provider. */
  threads: number;
}

/** What it took to open a session, ms. */
export interface OpenTimes {
  /** Building the graph. */
  graphMs: number;
  /** Drawing the initial state. */
  stateMs: number;
  /** From the graph and its initial state to a session that can run. */
  createMs: number;
}

/** What carries out a trial's steps: the open session, or a wait in its place. */
export type StepperChoice = { kind: 'session'; learningRate: number } | { kind: 'emulated'; stepMs: number };

/** Iterations over batches from a loader. */
export interface IterationRequest {
  loader: LoaderEnd;
  plan: WindowPlan;
}

/** Times of each measured iteration, ms. */
export interface IterationSamples {
  /** Wait for the next batch. */
  waitMs: number[];
  /**
   * Hand-over of the batch: tensors around its memory; on WebGPU also the copy of images to the device, until it has
   * arrived there. On CUDA the copy is part of the step: ONNX Runtime for Node keeps no inputs on that device.
   */
  handOverMs: number[];
  /** The training step, until its loss is back. */
  stepMs: number[];
  /** Empty where nothing was computed. */
  losses: number[];
}

export interface Iterations {
  window: Window;
  /** Those of the window. */
  samples: IterationSamples;
}

/** Batches of a loader while nobody computes. */
export interface LoaderAloneRequest {
  loader: LoaderEnd;
  workers: number;
  /** Rounds, of one batch of each worker, that come first and are not counted. */
  uncountedRounds: number;
  /** No longer than about this, in whole rounds of the workers. */
  limitMs: number;
  /** No more counted rounds than this. */
  mostRounds: number;
}

/** A part of the work of an iteration on its own. */
export interface PhaseTime {
  /** Mean wall time of a batch. */
  batchMs: number;
  /** Mean CPU time that the process spent on a batch. */
  cpuMs: number;
}

export interface StepRequest {
  learningRate: number;
  /** Stop when half the 95 % interval of the median is at most this share of it; 0.01 unless given. */
  targetRelativeHalfWidth?: number;
  /** Stop after this time, warm-up not counted, whatever the interval; 30 s unless given. At least 3 pairs are measured. */
  maximumMs?: number;
  /** Warm up no longer than this; 10 s unless given. */
  maximumWarmupMs?: number;
}

/** Two runs with different trip counts, one after the other. */
export interface StepPair {
  /** Difference of their times over the difference of their trip counts, ms per step. */
  slopeMs: number;
  /** Run with the smaller trip count. */
  shortMs: number;
  longMs: number;
  /** The order alternates. */
  shortFirst: boolean;
  /** CPU cores that other processes kept busy meanwhile; null where the kernel does not say. */
  foreignCpuCores: number | null;
  /** Others used more than 10 % of a core. */
  noisy: boolean;
}

export interface StepEstimate {
  /** Median slope, ms per step. */
  stepMs: number;
  /** 95 % confidence interval of the median; null where there are fewer than 6 pairs. */
  interval95Ms: readonly [low: number, high: number] | null;
  /** Which pairs the median is over: all of them only where too few were quiet. */
  over: 'quiet pairs' | 'all pairs';
  noisyPairs: number;
}

export interface StepTime extends StepEstimate {
  stopReason: 'converged' | 'time limit';
  /** Over the whole measurement: CPU cores that other processes kept busy; null where the kernel does not say. */
  foreignCpuCores: number | null;
  /** All of them, in the order of time. */
  pairs: StepPair[];
  trips: readonly [short: number, long: number];
  warmupMs: number;
  warmupRuns: number;
  warmupEnd: WarmUpEnd;
}

export type SessionCommand =
  | { kind: 'open'; settings: SessionSettings }
  | { kind: 'iterate'; stepper: StepperChoice; request: IterationRequest }
  | { kind: 'computeAlone'; stepper: StepperChoice }
  | { kind: 'loaderAlone'; request: LoaderAloneRequest }
  | { kind: 'losses'; steps: number; learningRate: number }
  | { kind: 'time'; steps: number; learningRate: number }
  | { kind: 'step'; request: StepRequest };
