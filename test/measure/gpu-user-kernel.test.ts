import { readFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import type { GpuUserKernel } from '#src/base/native.js';
import { packageRoot } from '#src/base/package.js';
import { measureUserKernel } from '#src/measure/gpu-user-kernel.js';

// The child process loads it in place of the addon: kernels that fail as real ones do, without a GPU.
process.env.ORION_BENCH_ADDON = path.join(packageRoot, 'test/fixtures/gpu/made-up-addon.cjs');

const kernel: GpuUserKernel = {
  ...{ device: 0, file: 'k.ptx', entry: 'fine', shared: '0', arguments: [], maximumMs: 100, timeoutMs: 100 },
  grid: '1',
  block: '32',
};
const outcome = (entry: string, graceMs?: number) => measureUserKernel({ ...kernel, entry }, graceMs);

t.test('a kernel that never ends is given up, and its process is gone', async (t) => {
  process.env.MADE_UP_PID = path.join(t.testdir({}), 'pid');
  const { measurement, code } = await outcome('endless', 2000);
  t.match(measurement, { name: 'endless', status: 'failed', reason: /^kernel 'endless' did not end within 2\.2 s, / });
  t.equal(code, null);
  const pid = Number(readFileSync(process.env.MADE_UP_PID, 'utf8'));
  delete process.env.MADE_UP_PID;
  t.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
});

t.test('a kernel that takes its process with it', async (t) => {
  const { measurement } = await outcome('crashing');
  t.equal(measurement.status, 'failed');
  t.equal(measurement.reason, "kernel 'crashing' failed: its process died (killed by SIGKILL).");
});

t.test('what the engine refuses keeps its code; what went wrong on the device is its own record', async (t) => {
  t.match(await outcome('wrong'), { code: 'BAD_INPUT', measurement: { reason: /takes 2 arguments/ } });
  t.match(await outcome('gone'), { code: 'MISSING_DEVICE', measurement: { reason: /fell off the bus/ } });
  t.match(await outcome('faulty'), { code: null, measurement: { status: 'failed', reason: 'not foreseen.' } });
  t.match(await outcome('stray'), { code: null, measurement: { status: 'failed', reason: /outside its buffers/ } });
  t.match(await outcome('fine'), { code: null, measurement: { status: 'ok', outputs: [{ sum: 6 }] } });
});
