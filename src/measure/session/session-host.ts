import { isDeepStrictEqual } from 'node:util';
import { CommandChannel, threadPeer } from '../commands.js';
import type {
  IterationRequest,
  Iterations,
  LoaderAloneRequest,
  OpenTimes,
  PhaseTime,
  SessionCommand,
  SessionSettings,
  StepperChoice,
  StepRequest,
  StepTime,
} from './messages.js';

/** Building a graph leaves little behind: a larger nursery for it would only stay in memory beside the training state. */
const resourceLimits = { maxYoungGenerationSizeMb: 4 };

/**
 * One training session at a time, in a thread of its own. A session stays open as long as it is asked for again: it
 * serves all learning rates, worker counts and storage modes.
 */
export class SessionHost {
  #thread: CommandChannel<SessionCommand> | null = null;
  #open: SessionSettings | null = null;

  /** Opens a session, unless the one that is open has the same settings: then null in place of the times. */
  async open(settings: SessionSettings): Promise<OpenTimes | null> {
    if (this.#thread?.alive && isDeepStrictEqual(settings, this.#open)) return null;
    this.#open = null;
    const times = await this.#anyThread().call<OpenTimes>({ kind: 'open', settings });
    this.#open = settings;
    return times;
  }

  /** Runs the measured loop over the loader's batches. */
  iterate(stepper: StepperChoice, request: IterationRequest): Promise<Iterations> {
    return this.#threadFor(stepper).call({ kind: 'iterate', stepper, request }, request.loader.ports);
  }

  /** Mean time of a step with the batch on the device already and no loader beside it. */
  computeAlone(stepper: StepperChoice): Promise<PhaseTime> {
    return this.#threadFor(stepper).call({ kind: 'computeAlone', stepper });
  }

  /** Mean time between the loader's batches while nobody computes. */
  loaderAlone(request: LoaderAloneRequest): Promise<PhaseTime> {
    return this.#anyThread().call({ kind: 'loaderAlone', request }, request.loader.ports);
  }

  /** Trains on one made-up batch; returns the loss before each step. */
  losses(steps: number, learningRate: number): Promise<number[]> {
    return this.#require().call({ kind: 'losses', steps, learningRate });
  }

  /** Wall time of one run of so many steps on one made-up batch, the fixed cost of a run included, ms. */
  timeRun(steps: number, learningRate: number): Promise<number> {
    return this.#require().call({ kind: 'time', steps, learningRate });
  }

  /** Time of a training step without the fixed cost of a run. */
  measureStep(request: StepRequest): Promise<StepTime> {
    return this.#require().call({ kind: 'step', request });
  }

  async close(): Promise<void> {
    await this.#thread?.end();
    this.#thread = null;
    this.#open = null;
  }

  #anyThread(): CommandChannel<SessionCommand> {
    if (!this.#thread?.alive) {
      const script = new URL('./worker.js', import.meta.url);
      this.#thread = new CommandChannel(threadPeer(script, { resourceLimits }), 'The training session');
    }
    return this.#thread;
  }

  #threadFor({ kind }: StepperChoice): CommandChannel<SessionCommand> {
    return kind === 'session' ? this.#require() : this.#anyThread();
  }

  #require(): CommandChannel<SessionCommand> {
    if (!this.#thread || !this.#open) throw new Error('no session is open');
    return this.#thread;
  }
}
