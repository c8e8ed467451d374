import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import t from 'tap';
import { nativeStatus } from '#src/base/native.js';
import { packageRoot } from '#src/base/package.js';
import { loopDevice } from '../support/loop-device.js';
import { launcherProblem, runWithoutIoUring } from '../support/without-io-uring.js';

const { reason } = nativeStatus();
const skip = reason ? `no addon: ${reason}` : false;
const cli = path.join(packageRoot, 'dist/cli/bin.cjs');
const schema = JSON.parse(readFileSync(path.join(packageRoot, 'docs/storage.schema.json'), 'utf8'));
const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema);

/** Runs `storage` and reads what it printed. */
function storage(target: string, out: string, ...args: string[]) {
  const command = [cli, 'storage', target, '--out', out, '--json', '--quiet', ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8', maxBuffer: 1 << 26 });
  return { status, stderr, document: stdout === '' ? null : JSON.parse(stdout) };
}

t.test('what storage prints follows its schema, is what it wrote, and makes a figure', { skip }, async (t) => {
  const folder = t.testdir({ data: 'x'.repeat(2 ** 20) });
  const out = path.join(folder, 'out');
  const cases = ['--pattern', 'rand', '--block-size', '4k,128k', '--depth', '1,4', '--buffered', '--time', '0.25'];
  const { status, stderr, document } = storage(path.join(folder, 'data'), out, ...cases);
  t.equal(status, 0, stderr);
  t.ok(validate(document), JSON.stringify(validate.errors));
  t.same(JSON.parse(readFileSync(path.join(out, 'storage.json'), 'utf8')), document);
  t.same(
    document.results.map(({ name }: { name: string }) => name),
    ['random 4k depth 1', 'random 4k depth 4', 'random 128k depth 1', 'random 128k depth 4'],
  );
  for (const { measurement } of document.results) {
    const { series, bytes, operations } = measurement;
    const total = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0);
    t.same([total(series.bytes), total(series.operations)], [bytes, operations], 'the series adds up');
    t.equal(series.bytes.length, 3, '250 ms in intervals of 100');
  }

  t.notOk(validate({ ...document, results: [{ ...document.results[0], depth: 'eight' }] }), 'the schema sees errors');

  const figures = [cli, 'figures', '--out', out, '--formats', 'svg', '--json'];
  const drawn = spawnSync(process.execPath, figures, { encoding: 'utf8' });
  t.equal(drawn.status, 0, drawn.stderr);
  t.match(JSON.parse(drawn.stdout), { figures: [{ name: 'storage', title: 'Storage: throughput and p99 latency' }] });
  t.ok(existsSync(path.join(out, 'figures/storage.svg')));
});

t.test('a device that fails midway: exit code 4, the case with what it read, and the others', { skip }, async (t) => {
  const folder = t.testdir({});
  const file = path.join(folder, 'data');
  writeFileSync(file, randomBytes(2 ** 20));
  const { device, refused } = loopDevice(t, file, '--read-only');
  if (refused !== null) {
    t.plan(0, refused);
    return;
  }
  truncateSync(file, 2 ** 19);
  const out = path.join(folder, 'out');
  const { status, document } = storage(
    device,
    out,
    '--pattern',
    'seq',
    '--block-size',
    '4k,64k',
    '--depth',
    '1',
    '--time',
    '5',
  );
  t.equal(status, 4);
  t.ok(validate(document), JSON.stringify(validate.errors));
  t.equal(document.results.length, 2);
  for (const { measurement } of document.results) {
    t.match(measurement.failure, /at offset 524288 of \/dev\/loop\d+ failed: Input\/output error; measured until then/);
  }
  t.match(readFileSync(path.join(out, 'storage.csv'), 'utf8'), /Input\/output error/);
});

t.test('throughput that is waited for until it is steady', { skip }, async (t) => {
  const folder = t.testdir({ data: 'x'.repeat(2 ** 20) });
  const args = ['--buffered', '--time', '0.15', '--steady', '90'];
  const { status, stderr, document } = storage(path.join(folder, 'data'), path.join(folder, 'out'), ...args);
  t.equal(status, 0, stderr);
  const { steady, rampNs } = document.results[0].measurement;
  t.equal(typeof steady, 'boolean');
  // The least is the ramp and the second that has to be flat, the most ten times the window.
  if (steady) t.ok(rampNs >= 1e9, `${rampNs}`);
  t.match(document.obtained.results, /until throughput changed by at most 90 %/);
});

const noLauncher = skip || (launcherProblem() ?? false);

t.test(
  'where io_uring is forbidden, psync serves and says why; asked for, it is missing',
  { skip: noLauncher },
  async (t) => {
    const folder = t.testdir({ data: 'x'.repeat(2 ** 20) });
    const command = (engine: string) => {
      const args = ['storage', path.join(folder, 'data'), '--buffered', '--time', '0.1', '--json', '--quiet'];
      return runWithoutIoUring(process.execPath, [
        cli,
        ...args,
        '--engine',
        engine,
        '--out',
        path.join(folder, engine),
      ]);
    };
    const served = command('auto');
    t.equal(served.status, 0, served.stderr);
    t.match(JSON.parse(served.stdout).results[0].measurement, {
      engine: 'psync',
      engineReason:
        /^io_uring_setup failed: Operation not permitted \(kernel.io_uring_disabled, or a container's seccomp profile\)/,
    });
    const missing = command('uring');
    t.equal(missing.status, 3);
    t.match(missing.stderr, /^orion-bench: The storage engine uring cannot be used here: .*seccomp profile\)\.\n$/);
  },
);
