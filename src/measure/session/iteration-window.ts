import { mean } from '../../base/statistics.js';
import { batchTimeInterval95 } from './batch-interval.js';
import { WarmUpRule } from './warm-up.js';

/** What a loop of iterations is asked for. */
export interface WindowPlan {
  /** Loader workers: their batches come in rounds, one of each. */
  workers: number;
  /** Batches that the loader prepares ahead at most: workers x prefetch. */
  queued: number;
  /** Iterations before the window; until the trial is steady where absent. */
  warmup?: number | undefined;
  /** Iterations of the window; as many as the mean takes where absent. */
  measure?: number | undefined;
}

/** What the loop did. */
export interface Window {
  warmup: number;
  measure: number;
  /**
   * The queue filled before the window was consumed: at least 2 x queued iterations came before it; and where the rule
   * ended the warm-up, the trend was flat.
   */
  steadyState: boolean;
}

/** Share of the mean iteration time that is accepted as error. */
const tolerance = 0.02;
const warmupLimitMs = 60_000;
const windowLimitMs = 120_000;
/** The trend compares the means of at least so many iterations, the interval those of so many rounds. */
const leastSpan = 4;
const leastRounds = 6;
const leastMs = 500;
/** As many as the original measures, and so long, whatever the queue holds. */
const leastCovered = 20;
const leastCoveredMs = 2_000;
const leastAtLimit = 3;

/**
 * Says online when the warm-up of a trial is over and when its window is. Fed with numbers.
 *
 * The warm-up ends when 2 x queued batches have been consumed (the queue that was filled before the window, twice) and the
 * mean iteration time of as many iterations as the queue holds differs by less than 2 % from that of as many before.
 * The window ends when it covers 4 times that, 8 x queued batches, but no fewer than 20 and no less than 2 s; or earlier,
 * after 6 rounds of the workers and half a second or more, when the 95 % interval of the mean is within 2 %. (The interval
 * is looked at after each round, so that its true confidence is somewhat below 95 %.)
 *
 * A loader that is a little slower than the device drains its queue for longer than the warm-up, and the iterations
 * are as short as the device's until it is empty. Therefore a window whose queue got shorter begins anew at its end.
 *
 * A slow trial does not run forever: warm-up and window each have a limit of time, and what was then measured counts.
 */
export class IterationWindow {
  readonly #plan: WindowPlan;
  /** Iterations on either side of a comparison: whole rounds. */
  readonly #span: number;
  readonly #trend: WarmUpRule;
  readonly #batchMs: number[] = [];
  readonly #ready: number[] = [];
  #begin: number | null = null;
  #beginMs = 0;
  #deadlineMs = windowLimitMs;
  #steadyState = false;

  constructor(plan: WindowPlan) {
    this.#plan = plan;
    this.#span = this.#wholeRounds(Math.max(plan.queued, leastSpan));
    this.#trend = new WarmUpRule(Number.POSITIVE_INFINITY, { halfWindow: this.#span, average: mean });
    if (plan.warmup === 0) this.#begin = 0;
  }

  /**
   * @param batchMs time of one more iteration
   * @param ready batches that lay ready when it began
   * @param elapsedMs time since the loop began
   * @returns whether the loop is over
   */
  add(batchMs: number, ready: number, elapsedMs: number): boolean {
    this.#batchMs.push(batchMs);
    this.#ready.push(ready);
    if (this.#begin === null) {
      this.#warmUp(batchMs, elapsedMs);
      return false;
    }
    const { measure } = this.#plan;
    const measured = this.#batchMs.length - this.#begin;
    if (measure !== undefined) return measured >= measure;
    if (elapsedMs >= this.#deadlineMs) return measured >= leastAtLimit;
    if (!this.#isMeasured(elapsedMs - this.#beginMs)) return false;
    if (!this.#isDraining()) return true;
    this.#begin = this.#batchMs.length;
    this.#beginMs = elapsedMs;
    return false;
  }

  /** Of a loop that is over. A window that the rule ended is cut to whole rounds, where it has one. */
  get window(): Window {
    const warmup = this.#begin ?? this.#batchMs.length;
    const measured = this.#batchMs.length - warmup;
    const { workers, measure } = this.#plan;
    const surplus = measure === undefined && measured > workers ? measured % workers : 0;
    return { warmup, measure: measured - surplus, steadyState: this.#steadyState };
  }

  #warmUp(batchMs: number, elapsedMs: number): void {
    const done = this.#batchMs.length;
    const consumed = done >= 2 * this.#plan.queued;
    const isFlat = this.#trend.add(batchMs, elapsedMs) === 'flat';
    const { warmup } = this.#plan;
    const isOver = warmup === undefined ? (consumed && isFlat) || elapsedMs >= warmupLimitMs : done >= warmup;
    if (!isOver) return;
    this.#begin = done;
    this.#beginMs = elapsedMs;
    this.#deadlineMs = elapsedMs + windowLimitMs;
    this.#steadyState = consumed && (isFlat || warmup !== undefined);
  }

  #isMeasured(windowMs: number): boolean {
    const { workers, queued } = this.#plan;
    const measured = this.#batchMs.slice(this.#begin!);
    if (measured.length % workers !== 0) return false;
    if (measured.length >= Math.max(8 * queued, leastCovered) && windowMs >= leastCoveredMs) return true;
    if (measured.length < leastRounds * workers || windowMs < leastMs) return false;
    return batchTimeInterval95(measured, workers) <= tolerance * mean(measured);
  }

  /** Whether more batches came from the queue than the mean may be off by, half a batch not counted. */
  #isDraining(): boolean {
    const ready = this.#ready.slice(this.#begin!);
    if (ready.length < 2 * this.#span) return false;
    const lost = mean(ready.slice(0, this.#span)) - mean(ready.slice(-this.#span));
    return lost > 0.5 + tolerance * ready.length;
  }

  #wholeRounds(iterations: number): number {
    return Math.ceil(iterations / this.#plan.workers) * this.#plan.workers;
  }
}
