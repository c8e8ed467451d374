import { messageOf } from '../../base/errors.js';
import type { TrainingSet } from '../../data/training-set.js';
import { CommandChannel, processPeer } from '../commands.js';
import { outOfMemoryKills } from '../oom-kills.js';
import type { BenchSettings } from './bench.js';
import type { BenchCommand } from './bench-process.js';
import { type TrialOutcome, trialOutcome } from './outcome.js';
import type { Trial } from './trial.js';

/**
 * Measures in a process of its own. Where the addon cannot decode, libuv's threads do, whose number is fixed when a process
 * starts; the CPU cap binds what measures, not the command line; and a trial that the kernel kills for its memory takes
 * nothing else with it.
 */
export class BenchHost {
  readonly #settings: BenchSettings;
  #channel: CommandChannel<BenchCommand> | null = null;

  constructor(settings: BenchSettings) {
    this.#settings = settings;
  }

  /**
   * Runs a trial; one that fails, or ends the process, is told as its outcome, and the next one gets a new process: what
   * the first left behind (memory, a GPU's context after an error) would fail it too.
   */
  async measure(trial: Trial, set: TrainingSet): Promise<TrialOutcome> {
    const channel = await this.#begun();
    const startedAt = new Date();
    const killsBefore = outOfMemoryKills();
    const outcome = await channel.call<TrialOutcome>({ kind: 'measure', trial }).catch((error) => {
      const reason = channel.alive ? messageOf(error) : `${messageOf(error)}: ${causeOfDeath(killsBefore)}`;
      return trialOutcome(trial, set, this.#settings, startedAt, { status: 'failed', reason, samples: null });
    });
    if (outcome.status === 'failed') await this.end();
    return outcome;
  }

  async end(): Promise<void> {
    await this.#channel?.end();
    this.#channel = null;
  }

  async #begun(): Promise<CommandChannel<BenchCommand>> {
    if (this.#channel?.alive) return this.#channel;
    const script = new URL('./bench-process.js', import.meta.url);
    const threads = String(Math.max(4, this.#settings.cpuCap));
    this.#channel = new CommandChannel(processPeer(script, { UV_THREADPOOL_SIZE: threads }), 'The measuring process');
    await this.#channel.call({ kind: 'begin', settings: this.#settings });
    return this.#channel;
  }
}

function causeOfDeath(killsBefore: number | null): string {
  const kills = outOfMemoryKills();
  if (kills === null || killsBefore === null) return 'out of memory?';
  return kills > killsBefore
    ? 'the kernel ended a process for lack of memory meanwhile'
    : 'the kernel ended no process for lack of memory meanwhile';
}
