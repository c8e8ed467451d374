import { prefetchPerWorker } from '../storage-mode.js';
import type { TrialSettings } from './settings.js';
import type { TrialConfig } from './trial.js';

export interface Window {
  warmup: number;
  measure: number;
  /** The prefetch queue, filled before the first iteration, is drained when the window begins. */
  steadyState: boolean;
}

const orionWarmup = 5;
const defaultMeasure = 20;
/** Beyond the drained queue, so that loader and device have settled into each other's pace. */
const settlingIterations = 2;

/** Iterations of a trial before and in the window. */
export function windowOf(
  { workers, storage }: Pick<TrialConfig, 'workers' | 'storage'>,
  { protocol, warmup, measure }: Pick<TrialSettings, 'protocol' | 'warmup' | 'measure'>,
): Window {
  const queued = workers * prefetchPerWorker[storage];
  const before = warmup ?? (protocol === 'orion' ? orionWarmup : queued + settlingIterations);
  return { warmup: before, measure: measure ?? defaultMeasure, steadyState: before >= queued };
}
