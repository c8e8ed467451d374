import { messageOf } from '../../base/errors.js';
import type { Damage } from '../../data/damage.js';
import type { SampleShape } from '../../data/decode.js';
import { openTrainingSet } from '../../data/open.js';
import type { TrainingSet } from '../../data/training-set.js';
import type { LoaderRequest } from '../loader/messages.js';
import { LoaderPool } from '../loader/pool.js';
import { prepareStorage } from '../prepare-storage.js';
import { reasonAgainstPrecision } from '../session/half-precision.js';
import type { Iterations, StepperChoice } from '../session/messages.js';
import { SessionHost } from '../session/session-host.js';
import { prefetchPerWorker } from '../storage-mode.js';
import { type DatasetRates, measureDatasetRates } from './dataset-rates.js';
import { type OutcomeSettings, type TrialEnding, type TrialOutcome, trialOutcome } from './outcome.js';
import { measureLoaderPhases, type Phases } from './phases.js';
import type { TrialSettings } from './settings.js';
import { trialSamples } from './timing-columns.js';
import { trainingConfig } from './training-config.js';
import type { Trial } from './trial.js';
import { windowPlan } from './window.js';

export type BenchSettings = OutcomeSettings &
  Pick<TrialSettings, 'dataRoot' | 'cpuCap' | 'protocol' | 'warmup' | 'measure' | 'phases'>;

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
    const emulated = trial.emulatedStepMs !== undefined;
    const obstacle = emulated ? null : reasonAgainstPrecision(trial);
    if (obstacle) return { status: 'skipped', reason: obstacle, samples: null };
    const { config, shape } = trainingConfig(trial, set);
    const rates = await this.#ratesOf(set, shape);
    const { cpuCap, device } = this.#settings;
    if (!emulated) await this.#host.open({ config, deviceId: device.deviceId, threads: cpuCap });
    const { batchSize, workers, storage, seed } = trial;
    const request = { set, shape, batchSize, workers, prefetch: prefetchPerWorker[storage], storage, seed };
    const { iterations, damage, phases } = await this.#measure(trial, request);
    const remarks = [describeLeftOut(set.damage), describeDamage(damage), rates.problem, ...(phases?.problems ?? [])];
    return {
      status: 'ok',
      reason: remarks.filter((remark) => remark !== null).join('; ') || null,
      samples: trialSamples(trial.family, iterations.samples),
      window: iterations.window,
      phases,
      rates,
    };
  }

  /** Compute alone comes first: it brings the session up to speed while the queue is still empty. */
  async #measure(
    trial: Trial,
    request: LoaderRequest,
  ): Promise<{ iterations: Iterations; damage: Damage; phases: Phases | null }> {
    const { protocol, phases = protocol === 'steady' ? 'all' : 'none' } = this.#settings;
    const stepper = stepperOf(trial);
    if (phases === 'none') return { ...(await this.#iterate(trial, stepper, request)), phases: null };
    const computeAlone = await this.#host.computeAlone(stepper);
    const measured = await this.#iterate(trial, stepper, request);
    const loader = await measureLoaderPhases(request, this.#pool, this.#host);
    return { ...measured, phases: { computeAlone, ...loader } };
  }

  async #iterate(
    trial: Trial,
    stepper: StepperChoice,
    request: LoaderRequest,
  ): Promise<{ iterations: Iterations; damage: Damage }> {
    await prepareStorage(request.set, trial.storage);
    const loader = await this.#pool.start(request);
    const iterating = this.#host.iterate(stepper, { loader: loader.end, plan: windowPlan(trial, this.#settings) });
    // The loader is stopped whether or not the loop succeeded; `iterating` then tells.
    await iterating.catch(() => null);
    const { damage } = await loader.stop();
    return { iterations: await iterating, damage };
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

function stepperOf({ emulatedStepMs, learningRate }: Trial): StepperChoice {
  return emulatedStepMs === undefined
    ? { kind: 'session', learningRate }
    : { kind: 'emulated', stepMs: emulatedStepMs };
}

function describeDamage({ count, first }: Damage): string | null {
  return count === 0 ? null : `${damagedSamples(count)} replaced by the next one; the first is ${first}`;
}

function describeLeftOut({ count, first }: Damage): string | null {
  return count === 0 ? null : `${damagedSamples(count)} left out of the data set; the first is this: ${first}`;
}

const damagedSamples = (count: number) => (count === 1 ? '1 damaged sample was' : `${count} damaged samples were`);
