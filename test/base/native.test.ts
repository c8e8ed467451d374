import { spawnSync } from 'node:child_process';
import { Worker } from 'node:worker_threads';
import t from 'tap';
import { InputError, MissingDeviceError, OrionError } from '#src/base/errors.js';
import { native, nativeStatus } from '#src/base/native.js';
import { fromNative } from '#src/base/native-errors.js';

const { reason } = nativeStatus();
const needsAddon = { skip: reason ? `no addon: ${reason}` : false };
const loader = new URL('../../dist/base/native.js', import.meta.url).href;

/** Runs a module script in a process of its own; returns what it printed. */
function inOwnProcess(script: string, environment: Record<string, string> = {}): string {
  const done = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    env: { ...process.env, ...environment },
    timeout: 60_000,
  });
  if (done.status !== 0) throw new Error(done.stderr || `ended by ${done.signal}`);
  return done.stdout;
}

t.test('the addon has the surface that native.ts types', needsAddon, async (t) => {
  const addon = native('The test');
  const surface = Object.entries(addon).map(([name, part]) => [name, Object.keys(part).sort()]);
  t.same(Object.fromEntries(surface), {
    build: ['compiler', 'cuda', 'cudaArchitectures'],
    timing: ['affinity', 'monotonicNs', 'setAffinity', 'summarize'],
    host: ['copyBandwidth', 'fmaRate'],
    storage: ['bringIntoCache', 'deviceReadBytes', 'dropFromCache', 'engines', 'measure', 'sampleReader'],
    image: ['preparer'],
    gpu: ['cases', 'inventory', 'measure', 'measureUserKernel'],
    boosting: ['load', 'train'],
    files: ['lock'],
    interrupt: [],
  });
  t.match(addon.build.compiler, /^(gcc|clang) \d+/);
  t.equal(addon.build.cudaArchitectures.length > 0, addon.build.cuda);
});

t.test('the clock counts nanoseconds forward', needsAddon, async (t) => {
  const { timing } = native('The test');
  const before = timing.monotonicNs();
  t.type(before, 'bigint');
  t.ok(timing.monotonicNs() >= before);
});

t.test('a summary equals hand-worked numbers', needsAddon, async (t) => {
  const { timing } = native('The test');
  // numpy: quantile([4, 8, 15, 16, 23, 42], [.5, .9, .99]), std(ddof=1)
  const summary = timing.summarize(Float64Array.of(42, 4, 16, 8, 23, 15));
  t.equal(summary.count, 6);
  t.equal(summary.mean, 18);
  t.equal(summary.median, 15.5);
  t.equal(summary.p90, 32.5);
  t.ok(Math.abs(summary.p99 - 41.05) < 1e-12);
  t.equal(summary.minimum, 4);
  t.equal(summary.maximum, 42);
  t.ok(Math.abs(summary.standardDeviation - 13.490737563232042) < 1e-12);
  t.ok(Math.abs(summary.relativeStandardDeviation - 13.490737563232042 / 18) < 1e-12);
});

const cpus = nativeStatus().addon?.timing.affinity() ?? [];
const needsTwoCpus = { skip: needsAddon.skip || (cpus.length < 2 && 'this process may use one CPU only') };

t.test('affinity binds and frees every thread of a process', needsTwoCpus, async (t) => {
  const script = `
    import { readdirSync, readFileSync } from 'node:fs';
    import { native } from ${JSON.stringify(loader)};
    const { timing } = native('The test');
    const before = timing.affinity();
    const allowed = () => [...new Set(readdirSync('/proc/self/task').map((thread) =>
      /Cpus_allowed_list:\\s*(.*)/.exec(readFileSync('/proc/self/task/' + thread + '/status', 'utf8'))[1]))];
    timing.setAffinity([before.at(-1)]);
    const pinned = { affinity: timing.affinity(), threads: allowed() };
    timing.setAffinity(before);
    console.log(JSON.stringify({ before, pinned, after: timing.affinity() }));`;
  const seen = JSON.parse(inOwnProcess(script)) as Record<string, unknown>;
  const last = cpus.at(-1)!;
  t.same(seen, { before: cpus, pinned: { affinity: [last], threads: [String(last)] }, after: cpus });
});

t.test('worker threads load the addon for themselves', needsAddon, async (t) => {
  const script = `
    import { parentPort } from 'node:worker_threads';
    import { native } from ${JSON.stringify(loader)};
    const { host, timing } = native('The test');
    const rate = await host.fmaRate({ threads: 1, precision: 32, durationMs: 1 });
    parentPort.postMessage([timing.summarize(Float64Array.of(1, 2, 3)).mean, rate.perSecond > 0]);`;
  const url = new URL(`data:text/javascript,${encodeURIComponent(script)}`);
  const answers = await Promise.all(
    [1, 2].map(
      () =>
        new Promise((resolve, reject) => {
          new Worker(url, { execArgv: [] }).once('message', resolve).once('error', reject);
        }),
    ),
  );
  t.same(answers, [
    [2, true],
    [2, true],
  ]);
});

t.test('host rates name their repeats and instruction set', needsAddon, async (t) => {
  const { host } = native('The test');
  const copy = await host.copyBandwidth({ threads: 2, bytes: 1 << 20, durationMs: 1 });
  t.match(copy, { repeats: Number, instructionSet: null });
  t.ok(copy.perSecond > 0 && copy.repeats >= 3 && copy.relativeStandardDeviation >= 0);
  for (const precision of [32, 64] as const) {
    const rate = await host.fmaRate({ threads: 1, precision, durationMs: 1 });
    t.ok(rate.perSecond > 0 && rate.repeats >= 3);
    t.match(rate.instructionSet, /^(avx512f|avx2\+fma|generic)$/);
  }
});

t.test('every bad argument gives one sentence, thrown or as a rejection', needsAddon, async (t) => {
  const { host, timing } = native('The test');
  const rejections: [Promise<unknown>, string][] = [
    [
      host.fmaRate({ threads: 1, precision: 48 as 32, durationMs: 1 }),
      'host.fmaRate: precision must be 32 or 64, but it is 48.',
    ],
    [
      host.copyBandwidth({ threads: 0.5, bytes: 8, durationMs: 1 }),
      'host.copyBandwidth: threads must be an integer from 1 to 4096, but it is 0.5.',
    ],
    [
      host.copyBandwidth({ threads: 1, bytes: 8 } as never),
      'host.copyBandwidth: durationMs must be a number from 1 to 3600000, but it is missing.',
    ],
    [host.fmaRate('fast' as never), "host.fmaRate: options must be an object, but it is 'fast'."],
  ];
  for (const [promise, message] of rejections) await t.rejects(promise, { name: 'InputError', message });

  const throwing: [() => unknown, string][] = [
    [() => timing.summarize([1, 2] as never), 'timing.summarize: samples must be a Float64Array, but it is an array.'],
    [() => timing.summarize(new Float64Array()), 'A summary needs at least one sample, but there are none.'],
    [
      () => timing.setAffinity([]),
      'timing.setAffinity: cpus must be an array of at least one integer from 0 to 1023, but it is an array.',
    ],
    [
      () => timing.setAffinity([0, -1]),
      'timing.setAffinity: cpus must be an array of at least one integer from 0 to 1023, but it is -1.',
    ],
  ];
  for (const [call, message] of throwing) t.throws(call, { name: 'InputError', code: 'BAD_INPUT', message });
  t.throws(() => timing.setAffinity([1023]), {
    name: 'InputError',
    message: /^This process may not run on all of the CPUs 1023/,
  });
});

t.test('codes of the addon become classes of ours', async (t) => {
  const coded = (code: string) => Object.assign(new Error('a sentence'), { code });
  t.match(fromNative(coded('BAD_INPUT')), { constructor: InputError, exitCode: 2, message: 'a sentence' });
  t.match(fromNative(coded('MISSING_DEVICE')), {
    constructor: MissingDeviceError,
    exitCode: 3,
    code: 'MISSING_DEVICE',
  });
  t.match(fromNative(coded('MISSING_ENGINE')), {
    constructor: MissingDeviceError,
    exitCode: 3,
    code: 'MISSING_ENGINE',
  });
  t.match(fromNative(coded('IO')), { constructor: OrionError, code: 'IO' });
  const other = new Error('ours');
  t.equal(fromNative(other), other);
});

t.test('an addon that cannot be loaded says why and what to do', async (t) => {
  const script = `
    import { native } from ${JSON.stringify(loader)};
    try { native("The 'host' command"); } catch (error) { console.log(error.exitCode, error.code, error.message); }`;
  const said = inOwnProcess(script, { ORION_BENCH_ADDON: '/nonexistent/orion.node' });
  t.match(
    said,
    /^3 MISSING_ENGINE The 'host' command needs the native addon, which could not be loaded \(\/nonexistent\/orion\.node does not exist\): install cmake/,
  );
});

t.test('a measurement in progress does not hold up the end of the process', needsAddon, async (t) => {
  const script = `
    import { native } from ${JSON.stringify(loader)};
    const { host } = native('The test');
    void host.fmaRate({ threads: 1, precision: 32, durationMs: 3600000 });
    setTimeout(() => { console.log('ending'); process.exit(0); }, 50);`;
  t.equal(inOwnProcess(script), 'ending\n');
});
