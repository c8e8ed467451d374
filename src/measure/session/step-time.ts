import { type CpuReading, foreignCores, isDisturbed } from '../foreign-cpu.js';
import type { StepPair, StepRequest, StepTime } from './messages.js';
import { estimateStep, hasConverged } from './step-estimate.js';
import { tripCounts } from './trip-counts.js';
import { type WarmUpEnd, WarmUpRule } from './warm-up.js';

/** What the timer acts on: real ones in the session's thread. */
export interface StepTimerMeans {
  /** Trains so many steps from the initial state; returns when the last loss is back. */
  run(trips: number): Promise<unknown>;
  /** Wall time, ms. */
  now(): number;
  readCpu(): CpuReading;
}

/** A warm-up run takes about so long, so that short steps are seen through the noise. */
const warmUpRunMs = 50;
const leastPairs = 3;

/**
 * Time of a training step without the fixed cost of a run: warm-up until the trend is flat, then pairs of runs with two
 * trip counts, in alternating order so that drift cancels. The slope of each pair is a sample; the result is the median
 * of the undisturbed ones. It ends when the median's 95 % interval is narrow enough, or at a limit of time. (The interval
 * is looked at after each pair, so that its true confidence is somewhat below 95 %.)
 */
export async function measureStepTime(means: StepTimerMeans, request: StepRequest): Promise<StepTime> {
  const { targetRelativeHalfWidth = 0.01, maximumMs = 30_000, maximumWarmupMs = 10_000 } = request;
  const timed = async (trips: number) => {
    const begin = means.now();
    await means.run(trips);
    return means.now() - begin;
  };
  const warmup = await warmUp(timed, maximumWarmupMs);
  const trips = await chooseTrips(timed);

  const pairs: StepPair[] = [];
  const begin = means.readCpu();
  for (;;) {
    pairs.push(await measurePair(means, timed, trips, pairs.length % 2 === 0));
    const estimate = estimateStep(pairs);
    const now = means.readCpu();
    const converged = hasConverged(estimate, targetRelativeHalfWidth);
    if (!converged && (pairs.length < leastPairs || now.wallMs - begin.wallMs < maximumMs)) continue;
    return {
      ...estimate,
      stopReason: converged ? 'converged' : 'time limit',
      foreignCpuCores: foreignCores(begin, now),
      pairs,
      trips,
      ...warmup,
    };
  }
}

type TimedRun = (trips: number) => Promise<number>;

interface WarmUp {
  warmupMs: number;
  warmupRuns: number;
  warmupEnd: WarmUpEnd;
}

async function warmUp(timed: TimedRun, limitMs: number): Promise<WarmUp> {
  const rule = new WarmUpRule(limitMs);
  const firstMs = await timed(1);
  const trips = Math.min(64, Math.max(1, Math.round(warmUpRunMs / firstMs)));
  let warmupMs = firstMs;
  for (let warmupRuns = 2; ; warmupRuns++) {
    const runMs = await timed(trips);
    warmupMs += runMs;
    const warmupEnd = rule.add(runMs, warmupMs);
    if (warmupEnd !== null) return { warmupMs, warmupRuns, warmupEnd };
  }
}

/** A first pair, which is not kept, tells how long a step takes and what a run costs beside its steps. */
async function chooseTrips(timed: TimedRun): Promise<StepTime['trips']> {
  const [shortMs, longMs] = [await timed(1), await timed(4)];
  // Noise can make the longer run the shorter one; a step does take some time.
  const stepMs = Math.max((longMs - shortMs) / 3, longMs / 100);
  return tripCounts(stepMs, Math.max(0, shortMs - stepMs));
}

async function measurePair(
  { readCpu }: StepTimerMeans,
  timed: TimedRun,
  [short, long]: StepTime['trips'],
  shortFirst: boolean,
): Promise<StepPair> {
  const before = readCpu();
  const firstMs = await timed(shortFirst ? short : long);
  const secondMs = await timed(shortFirst ? long : short);
  const after = readCpu();
  const [shortMs, longMs] = shortFirst ? [firstMs, secondMs] : [secondMs, firstMs];
  const foreignCpuCores = foreignCores(before, after);
  return {
    slopeMs: (longMs - shortMs) / (long - short),
    shortMs,
    longMs,
    shortFirst,
    foreignCpuCores,
    noisy: isDisturbed(foreignCpuCores, after.wallMs - before.wallMs),
  };
}
