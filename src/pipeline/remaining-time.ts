import type { Trial } from '../measure/trial/trial.js';

/**
 * Estimates how long trials will take from those that are done: by network and precision (a precision that the device
 * lacks is skipped in no time), and by all of them for a network that has not had its turn.
 */
export class RemainingTime {
  readonly #byKind = new Map<string, Durations>();
  readonly #all = new Durations();

  add(trial: Trial, durationMs: number): void {
    const kind = kindOf(trial);
    const durations = this.#byKind.get(kind) ?? new Durations();
    this.#byKind.set(kind, durations);
    durations.add(durationMs);
    this.#all.add(durationMs);
  }

  /** ms; undefined where nothing is done yet. */
  of(trials: readonly Trial[]): number | undefined {
    if (this.#all.count === 0) return undefined;
    return trials.reduce((sum, trial) => sum + (this.#byKind.get(kindOf(trial)) ?? this.#all).meanMs, 0);
  }
}

const kindOf = ({ model, precision }: Trial): string => `${model} ${precision}`;

class Durations {
  count = 0;
  #totalMs = 0;

  add(durationMs: number): void {
    this.count++;
    this.#totalMs += durationMs;
  }

  get meanMs(): number {
    return this.#totalMs / this.count;
  }
}
