import { familyLabel } from '../base/columns.js';
import { openTrainingSet } from '../data/open.js';
import type { TrainingSet } from '../data/training-set.js';
import { missingProvider, type ProviderName, probeProvider } from './providers.js';
import { BenchHost } from './trial/bench-host.js';
import type { TrialOutcome } from './trial/outcome.js';
import type { TrialSettings } from './trial/settings.js';
import { describeTrial, type Trial } from './trial/trial.js';

export type { TrialOutcome } from './trial/outcome.js';

/**
 * Runs the trials one after the other and yields each as it ends, so that an interruption loses only the one that runs.
 * A trial that fails is yielded as such, and the sweep goes on. Throws InputError where a data set is missing or damaged,
 * and MissingDeviceError where the provider is.
 */
export async function* measureTrials(trials: readonly Trial[], settings: TrialSettings): AsyncGenerator<TrialOutcome> {
  const { signal, onProgress, ...benchSettings } = settings;
  if (!settings.device.emulated) await requireProvider(settings.device.provider);
  const sets = openSets(trials, settings.dataRoot);
  const bench = new BenchHost(benchSettings);
  try {
    for (const [index, trial] of trials.entries()) {
      if (signal?.aborted) return;
      yield await bench.measure(trial, sets.get(trial.dataset)!);
      onProgress?.({
        stage: `${familyLabel[trial.family]} trials`,
        done: index + 1,
        total: trials.length,
        detail: describeTrial(trial),
      });
    }
  } finally {
    await bench.end();
  }
}

async function requireProvider(provider: ProviderName): Promise<void> {
  if (provider === 'cpu') return;
  const status = await probeProvider(provider);
  if (!status.usable) throw missingProvider(status);
}

function openSets(trials: readonly Trial[], dataRoot: string): Map<string, TrainingSet> {
  const names = new Set(trials.map(({ dataset }) => dataset));
  return new Map([...names].map((name) => [name, openTrainingSet(dataRoot, name)]));
}
