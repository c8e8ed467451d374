import t from 'tap';
import { MersenneTwister } from '#src/base/random.js';
import { mean, meanInterval95 } from '#src/base/statistics.js';
import { batchTimeInterval95 } from '#src/measure/session/batch-interval.js';
import { IterationWindow, type WindowPlan } from '#src/measure/session/iteration-window.js';
import { windowPlan } from '#src/measure/trial/window.js';

/** Runs the rule over made-up iterations until it says that the loop is over. */
function run(plan: WindowPlan, batchMs: (iteration: number) => number, ready: (iteration: number) => number = () => 0) {
  const rule = new IterationWindow(plan);
  let elapsedMs = 0;
  for (let iteration = 0; ; iteration++) {
    const ms = batchMs(iteration);
    elapsedMs += ms;
    if (rule.add(ms, ready(iteration), elapsedMs)) return { ...rule.window, iterations: iteration + 1 };
    if (iteration > 100_000) throw new Error('it never ends');
  }
}

t.test('what was asked for goes before the protocol', async (t) => {
  const trial = { workers: 3, storage: 'NVME' } as const;
  t.match(windowPlan(trial, { protocol: 'steady' }), { queued: 6, warmup: undefined, measure: undefined });
  t.match(windowPlan({ ...trial, storage: 'SSD' }, { protocol: 'orion' }), { queued: 3, warmup: 5, measure: 20 });
  t.match(windowPlan(trial, { protocol: 'orion', warmup: 0, measure: 7 }), { warmup: 0, measure: 7 });
});

t.test('warm-up: the queue is consumed twice, and the trend is flat', async (t) => {
  const plan = { workers: 4, queued: 8 };
  const constant = run(plan, () => 10);
  t.equal(constant.warmup, 16, '2 x 8 batches: two comparisons of 8 iterations');
  t.equal(constant.steadyState, true);
  // A first iteration of 100 ms is in the older half until 17 iterations are done.
  t.equal(run(plan, (iteration) => (iteration === 0 ? 100 : 10)).warmup, 17);
  t.equal(run({ workers: 1, queued: 1 }, () => 10).warmup, 8, 'at least four iterations are compared with four');
  t.equal(run({ workers: 3, queued: 3 }, () => 10).warmup, 12, 'in whole rounds of the workers');
  // 5 % shorter each time: flat once halves of 4 differ by less than 2 %, which is never while it lasts.
  const settling = run({ workers: 2, queued: 4 }, (iteration) => 10 + 90 * 0.95 ** iteration);
  t.ok(settling.warmup > 40, `${settling.warmup} iterations`);
  t.equal(settling.steadyState, true);
});

t.test('bursts of the workers are no trend', async (t) => {
  // The loader is the limit: each round of 4 batches arrives at once, after 400 ms.
  const { warmup, measure, steadyState } = run({ workers: 4, queued: 8 }, (iteration) =>
    iteration % 4 === 0 ? 400 : 10,
  );
  t.same({ warmup, measure, steadyState }, { warmup: 16, measure: 24, steadyState: true }, 'six equal rounds');
});

t.test('the window ends when its mean is known to 2 %, or covers 4 times what was consumed', async (t) => {
  const plan = { workers: 2, queued: 4 };
  t.equal(run(plan, () => 100).measure, 12, 'six rounds without any noise');
  t.equal(run(plan, () => 10).measure, 50, 'and half a second');
  const noise = (ms: number) => {
    const random = new MersenneTwister(1);
    return () => ms * (1 + 0.5 * random.float64());
  };
  t.equal(run(plan, noise(1000)).measure, 32, '4 x 2 x 4');
  t.equal(
    run({ workers: 1, queued: 1 }, (iteration) => 200 + 100 * (iteration % 2)).measure,
    20,
    'but no fewer than 20',
  );
  t.equal(run({ workers: 7, queued: 2 }, noise(1000)).measure, 21, '20 are not whole rounds of 7');
  // Alternating steps of 1 and 2 ms: never known to 2 % in 20 iterations, and quick to be repeated.
  const quick = run(plan, (iteration) => (iteration % 4 < 2 ? 1 : 2));
  t.ok(quick.measure > 32, `${quick.measure} iterations`);
});

t.test('a queue that gets shorter during the window makes it begin anew', async (t) => {
  // The device takes 10 ms, the loader 12: a queue of 8 loses 1/6 batch an iteration and is empty after 48.
  const emptyAfter = 48;
  const batchMs = (iteration: number) => (iteration < emptyAfter ? 10 : 12);
  const ready = (iteration: number) => Math.max(0, 8 - Math.floor(iteration / 6));
  const { warmup, measure, steadyState } = run({ workers: 4, queued: 8 }, batchMs, ready);
  t.ok(warmup >= emptyAfter - 8, `the window begins after ${warmup} iterations`);
  t.equal(steadyState, true);
  const times = Array.from({ length: measure }, (_, index) => batchMs(warmup + index));
  t.ok(mean(times) > 0.97 * 12, `${mean(times)} ms, the loader's pace but for 2 % and half a batch`);
  const full = run(
    { workers: 4, queued: 8 },
    () => 10,
    (iteration) => 8 - (iteration % 2),
  );
  t.equal(full.warmup, 16, 'a queue that only trembles is no reason');
});

t.test('iterations that were asked for are run, no more and no fewer', async (t) => {
  const plan = { workers: 2, queued: 4, warmup: 5, measure: 7 };
  const random = new MersenneTwister(1);
  const fixed = run(
    plan,
    () => 1 + random.float64(),
    (iteration) => 4 - Math.min(4, iteration),
  );
  t.same(fixed, { warmup: 5, measure: 7, steadyState: false, iterations: 12 }, '5 are fewer than 2 x 4');
  t.equal(run({ ...plan, warmup: 8 }, () => 1).steadyState, true);
  t.match(
    run({ ...plan, warmup: 0 }, () => 1),
    { warmup: 0, measure: 7, iterations: 7 },
  );
  t.match(
    run({ workers: 2, queued: 4, measure: 3 }, () => 1),
    { warmup: 8, measure: 3, steadyState: true },
  );
  t.match(
    run({ workers: 2, queued: 4, warmup: 3 }, () => 100),
    { warmup: 3, measure: 12, steadyState: false },
  );
});

t.test('a slow trial does not run forever', async (t) => {
  // 50 s a step: a minute of warm-up are two steps, two minutes of window three.
  const slow = run({ workers: 4, queued: 8 }, () => 50_000);
  t.same(slow, { warmup: 2, measure: 3, steadyState: false, iterations: 5 });
  // 9 s a step: 14 iterations fit into the window's limit, three whole rounds of four of them count.
  const slower = run({ workers: 4, queued: 8 }, () => 9_000);
  t.same(slower, { warmup: 7, measure: 12, steadyState: false, iterations: 21 });
  // It gets slower and slower: never flat.
  const growing = run({ workers: 1, queued: 1 }, (iteration) => 100 * 1.05 ** iteration);
  t.equal(growing.steadyState, false);
});

t.test('the interval of the mean is honest about bursts and slow noise', async (t) => {
  const trials = 300;
  const workers = 4;
  /** How often the intervals of 64 iterations contain the true mean. */
  const coverage = (
    series: (random: MersenneTwister) => number[],
    trueMean: number,
    half: (ms: number[]) => number,
  ) => {
    let within = 0;
    for (let seed = 0; seed < trials; seed++) {
      const ms = series(new MersenneTwister(seed));
      if (Math.abs(mean(ms) - trueMean) <= half(ms)) within++;
    }
    return within / trials;
  };
  const blocks = (ms: number[]) => batchTimeInterval95(ms, workers);

  // A round of four arrives after 40 ms, give or take: single iterations scatter far more than the mean does.
  const bursts = (random: MersenneTwister) =>
    Array.from({ length: 64 }, (_, i) => (i % workers === 0 ? 40 + 2 * random.normal() : 1));
  t.ok(coverage(bursts, 43 / 4, blocks) > 0.9, `bursts: ${coverage(bursts, 43 / 4, blocks)}`);
  const example = bursts(new MersenneTwister(0));
  t.ok(blocks(example) < meanInterval95(example) / 10, 'and the interval is narrow, as the mean is well known');

  // Neighbours resemble each other, x' = 0.8 x + noise: single iterations feign more knowledge than there is.
  const slow = (random: MersenneTwister) => {
    const ms: number[] = [];
    for (let i = 0, x = random.normal() / 0.6; i < 640; i++) {
      ms.push(10 + x);
      x = 0.8 * x + random.normal();
    }
    return ms;
  };
  const [honest, naive] = [coverage(slow, 10, blocks), coverage(slow, 10, meanInterval95)];
  t.ok(honest > 0.88 && naive < 0.75, `slow noise: ${honest} in place of ${naive}`);
  t.equal(batchTimeInterval95([7], 1), Number.POSITIVE_INFINITY, 'one iteration tells nothing');
});
