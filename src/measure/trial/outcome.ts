import type { Row } from '../../base/columns.js';
import type { TrainingSet } from '../../data/training-set.js';
import type { Window } from '../session/iteration-window.js';
import { type DatasetRates, unknownRates } from './dataset-rates.js';
import type { Phases } from './phases.js';
import { type TrialStatus, trialRow } from './row.js';
import type { TrialSettings } from './settings.js';
import type { TrialSamples } from './timing-columns.js';
import { trainingConfig } from './training-config.js';
import type { Trial } from './trial.js';

/** A finished trial. */
export interface TrialOutcome {
  trial: Trial;
  /** Every column of the family but those of the hardware. */
  row: Row;
  samples: TrialSamples;
  /** null where they were not asked for, or nothing was measured. */
  phases: Phases | null;
  status: TrialStatus;
  /** Why it failed or was skipped, or what it met on the way (damaged samples, say); null otherwise. */
  reason: string | null;
}

/** How a trial ended. */
export interface TrialEnding {
  status: TrialStatus;
  reason: string | null;
  /** null where nothing was measured. */
  samples: TrialSamples | null;
  window?: Window;
  phases?: Phases | null;
  rates?: DatasetRates;
}

/** What a sweep's settings say about each of its records. */
export type OutcomeSettings = Pick<TrialSettings, 'device'>;

export function trialOutcome(
  trial: Trial,
  set: TrainingSet,
  settings: OutcomeSettings,
  startedAt: Date,
  { status, reason, samples, window, phases = null, rates = unknownRates }: TrialEnding,
): TrialOutcome {
  const row = trialRow({
    trial,
    set,
    config: trainingConfig(trial, set).config,
    device: settings.device,
    window: window ?? null,
    phases,
    rates,
    startedAt,
    samples,
    status,
    reason,
  });
  return {
    trial,
    row,
    samples: samples ?? { loaderMs: [], computeMs: [], h2dMs: [], losses: [] },
    phases,
    status,
    reason,
  };
}
