import { messageOf } from '../../base/errors.js';
import type { Damage } from '../../data/damage.js';
import type { SampleShape } from '../../data/decode.js';
import { openTrainingSet } from '../../data/open.js';
import type { TrainingSet } from '../../data/training-set.js';
import { LoaderPool } from '../loader/pool.js';
import { prepareStorage } from '../prepare-storage.js';
import { reasonAgainstPrecision } from '../session/half-precision.js';
import type { IterationSamples } from '../session/messages.js';
import { SessionHost } from '../session/session-host.js';
import { prefetchPerWorker } from '../storage-mode.js';
import { type DatasetRates, measureDatasetRates } from './dataset-rates.js';
import { type OutcomeSettings, type TrialEnding, type TrialOutcome, trialOutcome } from './outcome.js';
import type { TrialSettings } from './settings.js';
import { trialSamples } from './timing-columns.js';
import { trainingConfig } from './training-config.js';
import type { Trial } from './trial.js';
import { windowOf } from './window.js';

export type BenchSettings = OutcomeSettings & Pick<TrialSettings, 'dataRoot' | 'cpuCap'>;

/** The data sets, loader workers and training session that the trials of a sweep share. */
export class TrialBench {
  readonly #settings: BenchSettings;
  readonly #pool = new LoaderPool();
  readonly #host = new SessionHost();
  readonly #sets = new Map<string, TrainingSet>();
  readonly #rates = new Map<string, DatasetRates>();

  constructor(settings: BenchSettings) {
    this.#settings = settings;
  }

  /** Runs a trial; one that fails is told as its outcome. */
  async measure(trial: Trial): Promise<TrialOutcome> {
    const startedAt = new Date();
    const set = this.#setOf(trial.dataset);
    const ending = await this.#run(trial, set).catch(
      (error): TrialEnding => ({ status: 'failed', reason: messageOf(error), samples: null }),
    );
    return trialOutcome(trial, set, this.#settings, startedAt, ending);
  }

  async close(): Promise<void> {
    await Promise.all([this.#pool.close(), this.#host.close()]);
  }

  async #run(trial: Trial, set: TrainingSet): Promise<TrialEnding> {
    const obstacle = reasonAgainstPrecision(trial);
    if (obstacle) return { status: 'skipped', reason: obstacle, samples: null };
    const { cpuCap, device } = this.#settings;
    const { config, shape } = trainingConfig(trial, set);
    const rates = await this.#ratesOf(set, shape);
    await this.#host.open({ config, deviceId: device.deviceId, threads: cpuCap });
    const { measured, damage } = await this.#iterate(trial, set, shape);
    const remarks = [describeLeftOut(set.damage), describeDamage(damage), rates.problem].filter(
      (remark) => remark !== null,
    );
    const reason = remarks.length > 0 ? remarks.join('; ') : null;
    return { status: 'ok', reason, samples: trialSamples(trial.family, measured), rates };
  }

  async #iterate(
    trial: Trial,
    set: TrainingSet,
    shape: SampleShape,
  ): Promise<{ measured: IterationSamples; damage: Damage }> {
    const { warmup, measure } = windowOf(trial, this.#settings);
    await prepareStorage(set, trial.storage);
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
    const { damage } = await loader.stop();
    return { measured: await measuring, damage };
  }

  #setOf(name: string): TrainingSet {
    let set = this.#sets.get(name);
    if (!set) {
      set = openTrainingSet(this.#settings.dataRoot, name);
      this.#sets.set(name, set);
    }
    return set;
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
  return count === 0 ? null : `${damagedSamples(count)} replaced by the next one; the first is ${first}`;
}

function describeLeftOut({ count, first }: Damage): string | null {
  return count === 0 ? null : `${damagedSamples(count)} left out of the data set; the first is this: ${first}`;
}

const damagedSamples = (count: number) => (count === 1 ? '1 damaged sample was' : `${count} damaged samples were`);
