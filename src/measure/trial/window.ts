import type { WindowPlan } from '../session/iteration-window.js';
import { prefetchPerWorker } from '../storage-mode.js';
import type { TrialSettings } from './settings.js';
import type { TrialConfig } from './trial.js';

/** `orion.md`, section 1. */
const original = { warmup: 5, measure: 20 };

/** What a trial's loop is asked for: what was given, else what the protocol says. */
export function windowPlan(
  { workers, storage }: Pick<TrialConfig, 'workers' | 'storage'>,
  { protocol, warmup, measure }: Pick<TrialSettings, 'protocol' | 'warmup' | 'measure'>,
): WindowPlan {
  const fixed = protocol === 'orion' ? original : { warmup: undefined, measure: undefined };
  return {
    workers,
    queued: workers * prefetchPerWorker[storage],
    warmup: warmup ?? fixed.warmup,
    measure: measure ?? fixed.measure,
  };
}
