import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import t from 'tap';
import { MersenneTwister } from '#src/base/random.js';
import { busyMsIn, cpusInList, foreignCores, isDisturbed } from '#src/measure/foreign-cpu.js';
import type { StepRequest } from '#src/measure/session/messages.js';
import { measureStepTime, type StepTimerMeans } from '#src/measure/session/step-time.js';
import { tripCounts } from '#src/measure/session/trip-counts.js';
import { WarmUpRule } from '#src/measure/session/warm-up.js';
import { measureStep } from '#src/measure/step.js';

t.test('warm-up ends when the trend is flat, or at the limit', async (t) => {
  const end = (samples: number[], msPerSample: number, limitMs: number) => {
    const rule = new WarmUpRule(limitMs);
    const ends = samples.map((sample, i) => rule.add(sample, (i + 1) * msPerSample));
    const at = ends.findIndex((reason) => reason !== null);
    return at < 0 ? null : [at + 1, ends[at]];
  };
  const flat = Array(12).fill(7);
  t.same(end(flat, 1, 1000), [8, 'flat'], 'two windows of four samples');
  t.same(end(flat, 1, 3), [3, 'time limit']);
  // 100, 90, 81, ...: always 34 % between windows. Then constant: flat when seven of eight are.
  const falling = Array.from({ length: 20 }, (_, i) => 100 * 0.9 ** i);
  t.equal(end(falling, 1, 1000), null);
  t.same(end([...falling, ...Array(10).fill(10)], 1, 1000), [27, 'flat']);
  const outliers = flat.map((sample, i) => (i % 4 === 3 ? 5 * sample : sample));
  t.same(end(outliers, 1, 1000), [8, 'flat'], 'single outliers are no trend');
});

t.test('trip counts: short steps need many, a costly run needs more', async (t) => {
  t.same(tripCounts(50, 1), [1, 7], '300 ms apart');
  t.same(tripCounts(1000, 1), [1, 4], 'at least three steps');
  t.same(tripCounts(0.1, 1), [1, 129], 'at most 128');
  t.same(tripCounts(100, 400), [1, 9], 'twice the fixed cost apart');
});

t.test('CPU time of others, by hand', async (t) => {
  const text = [
    'cpu  100 20 30 1000 5 6 7 8 9 1',
    'cpu0 10 1 2 500 3 4 5 6 9 1',
    'cpu1 90 19 28 500 2 2 2 2 0 0',
    'intr 5 cpu7 1',
  ].join('\n');
  t.equal(busyMsIn(text, new Set([0])), 10 * (10 + 1 + 2 + 4 + 5 + 6), 'neither idle nor waiting, guests not twice');
  t.equal(busyMsIn(text, new Set([0, 1])), 280 + 10 * (90 + 19 + 28 + 2 + 2 + 2));
  t.equal(busyMsIn(text, new Set([5])), null);
  t.equal(busyMsIn('cpu0 1 2 3 4 5 6 7', new Set([0])), 10 * (1 + 2 + 3 + 6 + 7), 'no steal on old kernels');
  t.same([...cpusInList('0-2,5')], [0, 1, 2, 5]);

  const start = { wallMs: 0, busyMs: 50, ownMs: 20 };
  t.equal(foreignCores(start, { wallMs: 100, busyMs: 250, ownMs: 120 }), 1);
  t.equal(foreignCores(start, { wallMs: 100, busyMs: 140, ownMs: 120 }), 0, 'ticks are coarse: never below 0');
  t.equal(foreignCores(start, { wallMs: 100, busyMs: null, ownMs: 120 }), null);
  t.equal(foreignCores(start, { wallMs: 1000, busyMs: 50, ownMs: 1020 }), null, 'zeros that cannot be true');
  t.equal(isDisturbed(0.12, 10_000), true);
  t.equal(isDisturbed(0.08, 10_000), false);
  t.equal(isDisturbed(0.12, 200), false, 'two ticks of 10 ms may be chance');
  t.equal(isDisturbed(null, 10_000), false);
});

/** A machine with made-up times: a run costs 5 ms and `stepMs` for each step; others use `foreign` cores meanwhile. */
function machine(stepMs: (run: number, wallMs: number) => number, foreign: (run: number) => number = () => 0) {
  let [wallMs, busyMs, ownMs, runs] = [0, 0, 0, 0];
  const means: StepTimerMeans = {
    run: async (trips) => {
      const ms = 5 + trips * stepMs(runs, wallMs);
      wallMs += ms;
      ownMs += 2 * ms;
      busyMs += (2 + foreign(runs)) * ms;
      runs++;
    },
    now: () => wallMs,
    readCpu: () => ({ wallMs, busyMs, ownMs }),
  };
  return (request: Partial<StepRequest> = {}) => measureStepTime(means, { learningRate: 0, ...request });
}

const near = (a: number, b: number) => Math.abs(a / b - 1) < 1e-9;

t.test('the slope leaves the cost of a run out', async (t) => {
  const step = await machine(() => 10)();
  t.ok(near(step.stepMs, 10), `${step.stepMs}`);
  t.same(step.trips, [1, 31]);
  t.equal(step.pairs.length, 6, 'as many as an interval needs');
  t.equal(step.stopReason, 'converged');
  t.equal(step.warmupEnd, 'flat');
  t.equal(step.warmupRuns, 9);
  t.ok(near(step.warmupMs, 15 + 8 * 35), `${step.warmupMs}: a first run, then runs of three steps`);
  t.equal(step.foreignCpuCores, 0);
  t.match(step.pairs[1], { shortFirst: false, noisy: false });
  t.ok(near(step.pairs[1]!.longMs, 315) && near(step.pairs[1]!.shortMs, 15));
});

t.test('a slow start is left to the warm-up, and drift cancels', async (t) => {
  const slowStart = await machine((run) => 10 + 40 * 0.8 ** run)();
  t.ok(Math.abs(slowStart.stepMs - 10) < 0.1, `${slowStart.stepMs}`);
  t.ok(slowStart.warmupRuns > 15, `${slowStart.warmupRuns} runs`);
  // 1 % slower each second: pairs with the long run first and last err to opposite sides.
  const drifting = await machine((_, wallMs) => 10 * (1 + wallMs / 100_000))({ targetRelativeHalfWidth: 0.05 });
  const middleMs = drifting.warmupMs + drifting.pairs.reduce((sum, pair) => sum + pair.shortMs + pair.longMs, 0) / 2;
  t.ok(Math.abs(drifting.stepMs / (10 * (1 + middleMs / 100_000)) - 1) < 0.003, `${drifting.stepMs}`);
});

t.test('noise is averaged until the interval is narrow, or the time is up', async (t) => {
  const noisy = (seed: number) => {
    const random = new MersenneTwister(seed);
    return machine(() => 10 * (1 + 0.03 * random.normal()));
  };
  const step = await noisy(1)({ maximumMs: 1e6 });
  const [low, high] = step.interval95Ms!;
  t.equal(step.stopReason, 'converged');
  t.ok((high - low) / 2 <= 0.01 * step.stepMs && low <= step.stepMs && step.stepMs <= high);
  t.ok(Math.abs(step.stepMs / 10 - 1) < 0.02, `${step.stepMs} after ${step.pairs.length} pairs`);
  const hurried = await noisy(1)({ maximumMs: 1 });
  t.match(hurried, { stopReason: 'time limit', interval95Ms: null, noisyPairs: 0 });
  t.equal(hurried.pairs.length, 3);
});

t.test('pairs that others disturb are marked, kept, and left out of the median', async (t) => {
  // After 11 runs of warm-up and choice, every other pair competes with a process that takes a core: 30 % slower steps.
  const disturbed = (run: number) => run >= 11 && Math.floor((run - 11) / 2) % 2 === 0;
  const step = await machine(
    (run) => (disturbed(run) ? 13 : 10),
    (run) => (disturbed(run) ? 1 : 0),
  )();
  t.ok(near(step.stepMs, 10), `${step.stepMs}`);
  t.equal(step.over, 'quiet pairs');
  t.equal(step.pairs.length, 12);
  t.equal(step.noisyPairs, 6);
  for (const { noisy, foreignCpuCores } of step.pairs) t.ok(noisy ? near(foreignCpuCores!, 1) : foreignCpuCores === 0);

  const always = await machine(
    () => 13,
    () => 1,
  )({ maximumMs: 4000 });
  t.match(always, { over: 'all pairs', stopReason: 'time limit' });
  t.equal(always.noisyPairs, always.pairs.length);
  t.ok(near(always.stepMs, 13) && near(always.foreignCpuCores!, 1));
});

t.test('a process that burns a core is in the record', { skip: !existsSync('/proc/stat') && 'no /proc' }, async (t) => {
  const burner = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
  t.teardown(() => burner.kill('SIGKILL'));
  await once(burner, 'spawn');
  const config = {
    network: 'resmlp',
    batchSize: 8,
    optimizer: 'SGD',
    precision: 32,
    imageShape: [3, 32, 32],
    classes: 10,
    embedDim: 32,
    depth: 2,
    seed: 1,
    provider: 'cpu',
  } as const;
  const step = await measureStep(
    { config, deviceId: 0, threads: 1 },
    { learningRate: 1e-3, maximumMs: 1000, maximumWarmupMs: 500 },
  );
  if (step.foreignCpuCores === null) return t.comment('this kernel does not say what others use');
  t.ok(step.foreignCpuCores > 0.3, `others used ${step.foreignCpuCores} cores`);
  t.ok(step.noisyPairs > 0, `${step.noisyPairs} of ${step.pairs.length} pairs are marked`);
});
