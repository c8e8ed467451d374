import { familyLabel } from '../base/columns.js';
import { messageOf } from '../base/errors.js';
import { openTrainingSet } from '../data/open.js';
import type { TrainingSet } from '../data/training-set.js';
import { CommandChannel, processPeer } from './commands.js';
import { missingProvider, type ProviderName, probeProvider } from './providers.js';
import type { BenchSettings } from './trial/bench.js';
import type { BenchCommand } from './trial/bench-process.js';
import { type TrialOutcome, trialOutcome } from './trial/outcome.js';
import type { TrialSettings } from './trial/settings.js';
import { describeTrial, type Trial } from './trial/trial.js';

export type { TrialOutcome } from './trial/outcome.js';

/**
 * Runs the trials one after the other and yields each as it ends, so that an interruption loses only the one that runs.
 * A trial that fails is yielded as such, and the sweep goes on. Throws InputError where a data set is missing or damaged,
 * and MissingDeviceError where the provider is.
 */
export async function* measureTrials(trials: readonly Trial[], settings: TrialSettings): AsyncGenerator<TrialOutcome> {
  await requireProvider(settings.device.provider);
  const sets = openSets(trials, settings.dataRoot);
  const bench = new BenchHost(settings);
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

/**
 * Measures in a process of its own. Image files are decoded on libuv's threads, whose number is fixed when a process
 * starts; the CPU cap binds what measures, not the command line; and a trial that the kernel kills for its memory takes
 * nothing else with it: the next one gets a new process.
 */
class BenchHost {
  readonly #settings: BenchSettings;
  #channel: CommandChannel<BenchCommand> | null = null;

  constructor({ dataRoot, device, cpuCap, protocol, warmup, measure }: TrialSettings) {
    this.#settings = { dataRoot, device, cpuCap, protocol, warmup, measure };
  }

  async measure(trial: Trial, set: TrainingSet): Promise<TrialOutcome> {
    const startedAt = new Date();
    const channel = await this.#begun();
    try {
      return await channel.call<TrialOutcome>({ kind: 'measure', trial });
    } catch (error) {
      if (channel.alive) throw error;
      const ending = { status: 'failed', reason: `${messageOf(error)}: out of memory?`, samples: null } as const;
      return trialOutcome(trial, set, this.#settings, startedAt, ending);
    }
  }

  async end(): Promise<void> {
    await this.#channel?.end();
  }

  async #begun(): Promise<CommandChannel<BenchCommand>> {
    if (this.#channel?.alive) return this.#channel;
    const script = new URL('./trial/bench-process.js', import.meta.url);
    const threads = String(Math.max(4, this.#settings.cpuCap));
    this.#channel = new CommandChannel(processPeer(script, { UV_THREADPOOL_SIZE: threads }), 'The measuring process');
    await this.#channel.call({ kind: 'begin', settings: this.#settings });
    return this.#channel;
  }
}
