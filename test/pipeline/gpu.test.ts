import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import type { GpuMeasurement } from '#src/base/native.js';
import { packageRoot } from '#src/base/package.js';
import type { Outcome } from '../cli/main-process.js';

// Two made-up devices in place of the addon: what the command makes of measurements is the same with real ones.
const addon = path.join(packageRoot, 'test/fixtures/gpu/made-up-addon.cjs');
const suite = JSON.parse(readFileSync(path.join(packageRoot, 'test/fixtures/gpu/suite.json'), 'utf8'));
const ofFirst: GpuMeasurement[] = suite.devices[0].measurements;

const folder = t.testdir({ 'k.ptx': '' });
const env = { ...process.env, ORION_BENCH_ADDON: addon };
const resident = fork(path.join(packageRoot, 'dist-test/cli/main-process.js'), { cwd: folder, env });
t.teardown(() => resident.disconnect());

/** Runs `gpu` as the executable does, one at a time. */
async function gpu(...args: string[]): Promise<Outcome> {
  resident.send(['gpu', ...args]);
  const [outcome] = (await once(resident, 'message')) as [Outcome];
  return outcome;
}

const read = (...names: string[]) => readFileSync(path.join(folder, ...names), 'utf8');
const document = (out: string) => JSON.parse(read(out, 'gpu.json'));
const namesOf = ({ measurements }: { measurements: GpuMeasurement[] }) => measurements.map(({ name }) => name);

t.test('all devices in turn, the whole suite; a failed case and a wrong answer make exit code 4', async (t) => {
  const { exit, stderr } = await gpu('--device', 'all', '--suite', 'full', '--out', 'all');
  t.equal(exit, 4, stderr);
  t.match(stderr, /^gpu {2}1\/57 {2}copy on 0 \(Made-up GPU\)$/m);
  t.match(stderr, /^gpu {2}57\/57 {2}.* on 1 \(Another made-up GPU\)$/m);
  const { devices, gpus, suite: name, imported } = document('all');
  t.same([devices, name, imported], [['Made-up GPU', 'Another made-up GPU'], 'full', null]);
  t.same(gpus[0].measurements, ofFirst);
  t.equal(gpus[1].measurements.length, ofFirst.filter(({ group }) => group !== 'matrix').length);
  t.equal(gpus[1].fingerprint.matrix_gflop_per_s.fp16, null);
  t.equal(gpus[1].fingerprint.memory_gb_per_s.copy, 920);
  t.equal(read('all', 'gpu.csv').trim().split('\n').length, 1 + 57);
});

t.test('the quick suite is the default, on the first device', async (t) => {
  const { exit, stdout } = await gpu('--json', '--quiet', '--out', 'quick');
  t.equal(exit, 4);
  const [first, ...others] = JSON.parse(stdout).gpus;
  t.equal(others.length, 0);
  t.same(namesOf(first), namesOf({ measurements: ofFirst.filter(({ group }) => group !== 'roofline') }));
});

t.test('what was measured before the process ended is in both files', async (t) => {
  const command = [path.join(packageRoot, 'dist/cli/bin.cjs'), 'gpu', '--device', 'all', '--out', 'killed'];
  const { signal } = spawnSync(process.execPath, command, { cwd: folder, env: { ...env, MADE_UP_END: '1:fma-fp16' } });
  t.equal(signal, 'SIGKILL');
  const [first, second] = document('killed').gpus;
  t.equal(namesOf(first).at(-1), 'cudnn-conv-64x56x56-fp16');
  t.equal(namesOf(second).at(-1), 'fma-fp32');
  t.match(read('killed', 'gpu.csv').trim().split('\n').at(-1), /^1,Another made-up GPU,fma-fp32,/);
});

t.test('chosen cases; one that a device does not have is a line that says so', async (t) => {
  const { exit, stderr } = await gpu('--device', 'all', '--case', 'Matrix-FP16', 'copy', '--out', 'chosen');
  t.equal(exit, 0, stderr);
  const { suite: name, gpus } = document('chosen');
  t.equal(name, 'chosen cases');
  t.same(namesOf(gpus[0]), ['copy', 'matrix-fp16']);
  t.same(namesOf(gpus[1]), ['matrix-fp16', 'copy']);
  t.match(read('chosen', 'gpu.csv'), /^1,Another made-up GPU,matrix-fp16,.*,skipped,the suite of this device has no/m);
  const unknown = await gpu('--case', 'copi', '--out', 'unknown');
  t.equal(unknown.exit, 2);
  t.match(unknown.stderr, /--case does not know 'copi' \(did you mean 'copy'\?\)/);
  t.equal((await gpu('--device', '2', '--out', 'unknown')).exit, 3);
  t.notOk(existsSync(path.join(folder, 'unknown', 'gpu.json')));
});

t.test('a kernel of the user: what it left, and what is written when it fails', async (t) => {
  const kernel = ['--kernel', 'k.ptx', '--grid', '4,2', '--block', '32', '--shared', '1k', '--time', '0.5'];
  const given = ['--arg', 'i32:-1', 'buffer:f32:4', '--mode', 'graph'];
  const fine = await gpu(...kernel, '--entry', 'fine', ...given, '--timeout', '3', '--out', 'fine');
  t.equal(fine.exit, 0, fine.stderr);
  t.match(fine.stdout, /^fine +1000 us .* not checked\nargument 2: f32 x 4, sum 6, 1 NaN, hash 00000000000000ff\n$/m);
  const [{ measurements }] = document('fine').gpus;
  t.same(JSON.parse(measurements[0].description), {
    ...{ file: 'k.ptx', grid: '4,2', block: '32', shared: '1024', given: ['i32:-1', 'buffer:f32:4'] },
    ...{ maximumMs: 500, timeoutMs: 3000, mode: 'graph' },
  });
  const header = read('fine', 'gpu.csv').split('\n')[0]!.split(',');
  t.equal(read('fine', 'gpu.csv').split('\n')[1]!.split(',')[header.indexOf('answer_correct')], '');

  const faults: [entry: string, exit: number, sentence: string][] = [
    ['wrong', 2, "--kernel k.ptx: kernel 'wrong' takes 2 arguments and 0 were given."],
    ['stray', 2, "--kernel k.ptx: kernel 'stray' accessed memory outside its buffers (cudaErrorIllegalAddress)."],
    ['crashing', 2, "--kernel k.ptx: kernel 'crashing' failed: its process died (killed by SIGKILL)."],
  ];
  for (const [entry, expected, sentence] of faults) {
    const { exit, stderr } = await gpu(...kernel, '--entry', entry, '--out', entry);
    t.equal(exit, expected);
    t.equal(stderr, `orion-bench: ${sentence}\n`);
    const { suite: name, gpus } = document(entry);
    t.equal(name, 'user kernel');
    t.match(gpus, [{ device: { name: 'Made-up GPU' }, measurements: [{ name: entry, status: 'failed' }] }]);
  }
  const gone = await gpu(...kernel, '--entry', 'gone', '--out', 'gone');
  t.equal(gone.exit, 3);
  t.match(gone.stderr, /no CUDA device: it fell off the bus\.\n$/);
});

t.test('a folder that cannot be written is told before anything is measured', async (t) => {
  writeFileSync(path.join(folder, 'file'), '');
  const { exit, stderr } = await gpu('--out', path.join('file', 'below'));
  t.equal(exit, 2);
  t.match(stderr, /results cannot be written there/);
});
