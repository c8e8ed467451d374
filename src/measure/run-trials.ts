import { familyLabel, type Row } from '../base/columns.js';
import { InputError, messageOf } from '../base/errors.js';
import type { SampleShape } from '../data/decode.js';
import { openTrainingSet } from '../data/open.js';
import type { TrainingSet } from '../data/training-set.js';
import { pinToCap } from './cpu-cap.js';
import type { Damage } from './loader/batch-maker.js';
import { LoaderPool } from './loader/pool.js';
import { missingProvider, type ProviderName, probeProvider } from './providers.js';
import type { IterationSamples } from './session/messages.js';
import { SessionHost } from './session/session-host.js';
import { prefetchPerWorker } from './storage-mode.js';
import { threadPoolProblem } from './thread-pool.js';
import { type DatasetRates, measureDatasetRates, unknownRates } from './trial/dataset-rates.js';
import { type TrialStatus, trialRow } from './trial/row.js';
import type { TrialSettings } from './trial/settings.js';
import { type TrialSamples, trialSamples } from './trial/timing-columns.js';
import { trainingConfig } from './trial/training-config.js';
import { describeTrial, type Trial } from './trial/trial.js';
import { type Window, windowOf } from './trial/window.js';

/** A finished trial. */
export interface TrialOutcome {
  trial: Trial;
  /** Every column of the family but those of the hardware. */
  row: Row;
  samples: TrialSamples;
  status: TrialStatus;
  /** Why it failed or was skipped, or what it met on the way (damaged samples); null otherwise. */
  reason: string | null;
}

/**
 * Runs the trials one after the other and yields each as it ends, so that an interruption loses only the one that runs.
 * A trial that fails is yielded as such, and the sweep goes on. Throws InputError where a data set is missing or damaged,
 * and MissingDeviceError where the provider is.
 */
export async function* measureTrials(trials: readonly Trial[], settings: TrialSettings): AsyncGenerator<TrialOutcome> {
  await requireProvider(settings.device.provider);
  const sets = openSets(trials, settings.dataRoot);
  const unpin = pinToCap(settings.cpuCap);
  const bench = new TrialBench(settings);
  try {
    for (const [index, trial] of trials.entries()) {
      if (settings.signal?.aborted) return;
      yield await bench.measure(trial, sets.get(trial.dataset)!);
      settings.onProgress?.({
        stage: `${familyLabel[trial.family]} trials`,
        done: index + 1,
        total: trials.length,
        detail: describeTrial(trial),
      });
    }
  } finally {
    await bench.close();
    unpin();
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

/** The loader workers and the training session that the trials of a sweep share. */
class TrialBench {
  readonly #settings: TrialSettings;
  readonly #pool = new LoaderPool();
  readonly #host = new SessionHost();
  readonly #rates = new Map<string, DatasetRates>();

  constructor(settings: TrialSettings) {
    this.#settings = settings;
  }

  async measure(trial: Trial, set: TrainingSet): Promise<TrialOutcome> {
    const { config, shape } = trainingConfig(trial, set);
    const window = windowOf(trial, this.#settings);
    const startedAt = new Date();
    let rates = unknownRates;
    const outcome = (status: TrialStatus, reason: string | null, samples: TrialSamples | null): TrialOutcome => ({
      trial,
      row: trialRow({
        trial,
        set,
        config,
        device: this.#settings.device,
        window,
        rates,
        startedAt,
        samples,
        status,
        reason,
      }),
      samples: samples ?? { loaderMs: [], computeMs: [], h2dMs: [], losses: [] },
      status,
      reason,
    });

    const obstacle = reasonToSkip(trial);
    if (obstacle) return outcome('skipped', obstacle, null);
    try {
      const problem = threadPoolProblem(set, trial.workers);
      if (problem) throw new InputError(problem);
      rates = await this.#ratesOf(set, shape);
      await this.#host.open({ config, deviceId: this.#settings.device.deviceId, threads: this.#settings.cpuCap });
      const { measured, damage } = await this.#iterate(trial, set, shape, window);
      return outcome('ok', describeDamage(damage), trialSamples(trial.family, measured));
    } catch (error) {
      return outcome('failed', messageOf(error), null);
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#pool.close(), this.#host.close()]);
  }

  async #iterate(
    trial: Trial,
    set: TrainingSet,
    shape: SampleShape,
    { warmup, measure }: Window,
  ): Promise<{ measured: IterationSamples; damage: Damage }> {
    const loader = await this.#pool.start({
      set,
      shape,
      batchSize: trial.batchSize,
      workers: trial.workers,
      prefetch: prefetchPerWorker[trial.storage],
      storage: trial.storage,
      seed: trial.seed,
    });
    const measuring = this.#host.iterate({ loader: loader.end, warmup, measure, learningRate: trial.learningRate });
    // The loader is stopped whether or not the loop succeeded; `measuring` then tells.
    await measuring.catch(() => null);
    const damage = await loader.stop();
    return { measured: await measuring, damage };
  }

  async #ratesOf(set: TrainingSet, shape: SampleShape): Promise<DatasetRates> {
    const key = `${set.entry.name} ${JSON.stringify(shape)}`;
    let rates = this.#rates.get(key);
    if (!rates) {
      rates = await measureDatasetRates(set, shape, this.#pool);
      this.#rates.set(key, rates);
    }
    return rates;
  }
}

function describeDamage({ count, first }: Damage): string | null {
  if (count === 0) return null;
  return `${count} damaged samples were replaced by the next one; the first is ${first}`;
}

function reasonToSkip({ precision, provider }: Trial): string | null {
  return precision === 16 && provider === 'cpu'
    ? 'precision 16 is measured on a GPU only: on the CPU it adds conversions and saves nothing'
    : null;
}
