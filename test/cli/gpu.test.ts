import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import t from 'tap';
import { nativeStatus } from '#src/base/native.js';
import { packageRoot } from '#src/base/package.js';
import type { Outcome } from './main-process.js';

const folder = mkdtempSync(path.join(os.tmpdir(), 'orion-gpu-'));
t.teardown(() => rmSync(folder, { recursive: true, force: true }));
const inFolder = (...names: string[]) => path.join(folder, ...names);

const resident = fork(path.join(packageRoot, 'dist-test/cli/main-process.js'), { cwd: folder });
t.teardown(() => resident.disconnect());

/** Runs a command line as the executable does, one at a time. */
async function run(...args: string[]): Promise<Outcome> {
  resident.send(args);
  const [outcome] = (await once(resident, 'message')) as [Outcome];
  return outcome;
}

// Made up, with round numbers: no GPU ran it.
const fixture = path.join(packageRoot, 'test/fixtures/gpu/suite.json');
const suite = () => JSON.parse(readFileSync(fixture, 'utf8'));
const write = (name: string, document: object) => writeFileSync(inFolder(name), JSON.stringify(document));

/** Lines of a CSV without quoted cells, by column. */
function csvRows(file: string): Record<string, string>[] {
  const [header, ...lines] = readFileSync(file, 'utf8').trim().split('\n');
  const names = header!.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, i) => [names[i], cell])));
}

t.test(
  'what the executable measured becomes gpu.json and gpu.csv; a failed or wrong case makes exit code 4',
  async (t) => {
    const { exit, stdout, stderr } = await run('gpu', '--import', fixture, '--json', '--out', 'imported');
    t.equal(exit, 4, stderr);
    const document = JSON.parse(stdout);
    t.same(document, JSON.parse(readFileSync(inFolder('imported/gpu.json'), 'utf8')));
    t.match(document, {
      tool: 'orion-bench',
      started_at: '2026-01-02T03:04:05.000Z',
      devices: ['Made-up GPU'],
      suite: 'quick',
      imported: { file: 'suite.json', tool: 'orion-gpu', measured_at: '2026-01-02T03:04:05.000Z' },
      driver_version: 13000,
      gpus: [{ device: { name: 'Made-up GPU' }, fingerprint: { memory_gb_per_s: { copy: 920 } } }],
    });
    t.match(document.obtained.measurements, /^imported: by orion-gpu 0\.0\.0 .* on another machine/);
    t.same(document.gpus[0].measurements, suite().devices[0].measurements, 'samples and all');

    const rows = csvRows(inFolder('imported/gpu.csv'));
    t.equal(rows.length, suite().devices[0].measurements.length);
    t.same(rows[0], {
      device: '0',
      gpu_name: 'Made-up GPU',
      case: 'copy',
      group: 'memory',
      mode: 'cold',
      precision: '',
      status: 'ok',
      reason: '',
      median_ns: '1000000',
      median_low_ns: '990000',
      median_high_ns: '1010000',
      p25_ns: '990000',
      p75_ns: '1010000',
      p90_ns: '1020000',
      relative_standard_deviation: '0.02',
      samples: '4',
      launches_per_sample: '1',
      bytes_per_s: '920000000000',
      operations_per_s: '',
      ns_per_step: '',
      sm_clock_mhz: '1500',
      throttled_samples: '0',
      all_throttled: 'False',
      empty_event_ns: '1200',
      answer_correct: 'True',
      answer_error: '0',
      stopped_because: 'converged',
    });
    const byName = (name: string) => rows.find((row) => row.case === name)!;
    t.match(byName('matrix-tf32'), { status: 'ok', answer_correct: 'False', answer_error: '0.5' });
    t.match(byName('matrix-fp16'), {
      throttled_samples: '1',
      all_throttled: 'False',
      operations_per_s: '100000000000000',
    });
    t.match(byName('latency-dram'), { ns_per_step: '500', bytes_per_s: '' });
    t.match(byName('d2h-pinned'), { status: 'failed', median_ns: '', reason: /not enough memory/, answer_correct: '' });
    t.match(byName('cudnn-conv-64x56x56-fp16'), { status: 'skipped', reason: 'cuDNN was not found.' });
  },
);

t.test('a table for people; what the device cannot run does not count as failed', async (t) => {
  const document = suite();
  const { measurements } = document.devices[0];
  document.devices[0].measurements = measurements.filter(
    ({ name }: { name: string }) => name !== 'matrix-tf32' && name !== 'd2h-pinned',
  );
  delete document.startedAt;
  write('right.json', document);
  const { exit, stdout } = await run('gpu', '--import', 'right.json');
  t.equal(exit, 0);
  t.match(stdout, /^Made-up GPU \(GPU-0{8}.*\)\ncase +median +memory +arithmetic +step +answer\n/);
  t.match(stdout, /^matrix-fp16 +1000 us +100 TFLOP\/s +right$/m);
  t.match(stdout, /^matrix-int8 .* 200 TOP\/s +right$/m);
  t.match(stdout, /^fma-fp64 .* right, throttled$/m);
  t.match(stdout, /^cudnn-conv-64x56x56-fp16 +skipped: cuDNN was not found\.$/m);
  const { imported, obtained } = JSON.parse(readFileSync(inFolder('orion-results/gpu.json'), 'utf8'));
  t.equal(imported.measured_at, null);
  t.match(obtained.measurements, /without a date/);
});

t.test('wrong options and files get one sentence', async (t) => {
  write('foreign.json', { tool: 'another' });
  write('empty.json', { ...suite(), devices: [] });
  const cut = suite();
  delete cut.devices[0].measurements[2].timeNs;
  write('cut.json', cut);
  writeFileSync(inFolder('torn.json'), readFileSync(fixture, 'utf8').slice(0, 1000));
  writeFileSync(inFolder('kernel.ptx'), '');
  const kernel = ['gpu', '--kernel', 'kernel.ptx', '--entry', 'k', '--grid', '1', '--block', '32'];
  const cases: [args: string[], exit: number, sentence: RegExp][] = [
    [['gpu', '--device', '-1'], 2, /--device takes a CUDA device number from 0 on, or all, not '-1'/],
    [['gpu', '--device', 'first'], 2, /--device takes .* not 'first'/],
    [['gpu', '--suite', 'ful'], 2, /--suite does not know 'ful'.*: choose from quick, full/],
    [['gpu', '--time', '0'], 2, /--time takes a positive number/],
    [['gpu', '--time', '3601'], 2, /--time takes at most 3600 seconds, not 3601/],
    [['gpu', '--suite', 'full', '--case', 'copy'], 2, /Give one of --suite and --case, not both/],
    [['gpu', '--case', 'copy', '--import', fixture], 2, /Give one of --case and --import, not both/],
    [['gpu', '--entry', 'k'], 2, /--entry is for a kernel of your own: give --kernel FILE/],
    [['gpu', '--arg', 'i32:1'], 2, /--arg is for a kernel of your own/],
    [['gpu', '--timeout', '3'], 2, /--timeout is for a kernel of your own/],
    [['gpu', '--kernel', 'kernel.ptx', '--grid', '1'], 2, /--kernel needs --entry NAME and --block X,Y,Z too\./],
    [['gpu', '--kernel', 'kernel.cu', ...kernel.slice(3)], 2, /give a \.ptx, \.cubin or \.fatbin file; 'nvcc --ptx/],
    [['gpu', '--kernel', 'none.ptx', ...kernel.slice(3)], 2, /--kernel none\.ptx cannot be read: ENOENT/],
    [[...kernel.slice(0, -1), '32,1,1,1'], 2, /--block takes one to three positive whole numbers .* not '32,1,1,1'/],
    [[...kernel.slice(0, -1), '0'], 2, /--block takes one to three positive whole numbers/],
    [[...kernel, '--shared', 'much'], 2, /--shared is 'much': give a size/],
    [[...kernel, '--mode', 'warm'], 2, /--mode does not know 'warm': choose from cold, hot, graph, host/],
    [[...kernel, '--timeout', '-1'], 2, /--timeout takes a positive number/],
    [[...kernel, '--device', 'all'], 2, /--kernel runs on one device: give --device N/],
    [[...kernel, '--suite', 'quick'], 2, /Give one of --suite and --kernel, not both/],
    [['gpu', '--import', 'none.json'], 2, /--import none\.json cannot be read \(ENOENT/],
    [['gpu', '--import', 'torn.json'], 2, /--import torn\.json cannot be read/],
    [['gpu', '--import', 'foreign.json'], 2, /foreign\.json is not a document of orion-gpu/],
    [['gpu', '--import', 'empty.json'], 2, /empty\.json: it has no "devices"; measure again/],
    [['gpu', '--import', 'cut.json'], 2, /cut\.json: "devices"\[0\]: measurement 2 lacks .* its times/],
  ];
  for (const [args, expected, sentence] of cases) {
    const { exit, stderr } = await run(...args, '--quiet');
    t.equal(exit, expected, args.join(' '));
    t.match(stderr, sentence);
    t.equal(stderr.trim().split('\n').length, 1, stderr);
  }
});

const { addon } = nativeStatus();
const reason = addon?.gpu.inventory().reason ?? null;
const skip = !addon ? 'no addon' : reason === null ? 'this machine has a CUDA device' : false;

t.test('without a device: exit code 3 and why, for a suite and for a kernel', { skip }, async (t) => {
  writeFileSync(inFolder('kernel.ptx'), '');
  const kernel = ['--kernel', 'kernel.ptx', '--entry', 'k', '--grid', '1', '--block', '32'];
  for (const args of [[], ['--device', 'all'], ['--case', 'copy'], kernel]) {
    const { exit, stderr } = await run('gpu', ...args);
    t.equal(exit, 3, args.join(' '));
    t.match(stderr, /^orion-bench: No CUDA device: [^\n]+\.\n$/);
  }
});

const withDevice = reason === null && addon ? false : (reason ?? 'no addon');
const kernels = path.join(packageRoot, 'test/fixtures/gpu/kernels.ptx');

t.test(
  'a kernel that strays or never ends: exit code 2, and what is known is written',
  { skip: withDevice },
  async (t) => {
    const command = ['gpu', '--kernel', kernels, '--grid', '1', '--block', '32', '--time', '0.2', '--timeout', '2'];
    const faults: [args: string[], sentence: RegExp][] = [
      [
        ['--entry', 'illegal_address', '--arg', 'buffer:u32:16'],
        /kernel 'illegal_address' accessed memory outside its buffers/,
      ],
      [['--entry', 'never_ends', '--arg', 'buffer:u32:1:0'], /kernel 'never_ends' /],
      [['--entry', 'none'], /none/],
    ];
    for (const [args, sentence] of faults) {
      const { exit, stderr } = await run(...command, ...args, '--quiet', '--out', args[1]!);
      t.equal(exit, 2, stderr);
      t.match(stderr, sentence);
      t.equal(stderr.trim().split('\n').length, 1, stderr);
      t.match(JSON.parse(readFileSync(inFolder(args[1]!, 'gpu.json'), 'utf8')), {
        suite: 'user kernel',
        gpus: [{ device: { index: 0 }, measurements: [{ status: 'failed', reason: /./ }] }],
      });
    }
    const fine = [...command, '--entry', 'scaled', '--arg', 'buffer:f32:32:0', 'f32:1', '--json'];
    const { exit, stdout } = await run(...fine);
    t.equal(exit, 0, 'what went wrong before spoils nothing after it');
    t.match(JSON.parse(stdout).gpus[0].measurements, [{ name: 'scaled', status: 'ok', outputs: [{ sum: 496 }] }]);
  },
);

t.test('two cases of the suite, measured', { skip: withDevice }, async (t) => {
  const { exit, stdout, stderr } = await run('gpu', '--case', 'copy', 'fma-fp32', '--time', '0.3', '--json');
  t.equal(exit, 0, stderr);
  const { suite: chosen, gpus } = JSON.parse(stdout);
  t.equal(chosen, 'chosen cases');
  t.equal(gpus[0].measurements.length, 2);
  t.ok(gpus[0].fingerprint.memory_gb_per_s.copy > 0 && gpus[0].fingerprint.fma_gflop_per_s.fp32 > 0);
});
