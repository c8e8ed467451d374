import { spawnSync } from 'node:child_process';
import path from 'node:path';
import t from 'tap';
import { nativeStatus } from '#src/base/native.js';
import { packageRoot } from '#src/base/package.js';

const small = ['--pairs', '2', '--time', '0.05', '--file-size', '8'];

function bench(args: string[], environment: NodeJS.ProcessEnv = {}) {
  const script = path.join(packageRoot, 'scripts/bench/run.mjs');
  const env = { ...process.env, ...environment };
  return spawnSync(process.execPath, [script, 'storage', ...small, ...args], { encoding: 'utf8', env });
}

t.test('without fio the peer is missing, and the bench says where to get it', async (t) => {
  const { status, stderr } = bench(['--folder', t.testdir({})], { PATH: '/nowhere' });
  t.equal(status, 3);
  t.equal(stderr, 'bench: The peer is missing: there is no fio here; install it (Debian: apt install fio).\n');
});

const { reason } = nativeStatus();
const hasFio = spawnSync('fio', ['--version']).status === 0;
const skip = reason ? `no addon: ${reason}` : !hasFio && 'no fio';

t.test('reads of a file, beside those of fio: rate, CPU time and latencies in pairs', { skip }, async (t) => {
  const { status, stdout, stderr } = bench(['--folder', t.testdir({}), '--cases', 'file-psync-4k-d1', '--json']);
  t.equal(status, 0, stderr);
  const { machine, cases } = JSON.parse(stdout);
  t.match(machine.peer_version, /^fio-/);
  t.equal(machine.file_bytes, 8 * 2 ** 20);
  const [one] = cases;
  t.match(one, { name: 'file-psync-4k-d1', unit: 'us', pairs: 2 });
  for (const compared of [one, one.control, one.cpu, one.p50, one.p99]) {
    const ratios = compared.samples.ours.map((ours: number, pair: number) => ours / compared.samples.peer[pair]);
    t.ok(Math.abs(compared.ratio - (ratios[0] + ratios[1]) / 2) < 1e-9);
  }
  // Little's law: one read in flight, on either side.
  for (const depth of Object.values<number>(one.achieved_depth)) t.ok(depth > 0.5 && depth < 1.1, `depth ${depth}`);
});

t.test('a loop device that cannot be had is a skipped case, not a failed one', { skip }, async (t) => {
  const fioAlone = t.testdir({
    bin: { fio: t.fixture('symlink', spawnSync('which', ['fio'], { encoding: 'utf8' }).stdout.trim()) },
  });
  const environment = { PATH: path.join(fioAlone, 'bin') };
  const { status, stdout } = bench(['--folder', fioAlone, '--cases', 'loop-uring-4k-d1'], environment);
  t.equal(status, 0);
  t.match(stdout, /^loop-uring-4k-d1 +skipped: no loop device: .*losetup/m);
});
