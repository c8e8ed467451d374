import path from 'node:path';
import t from 'tap';
import { type GpuMeasurement, type GpuUserKernel, native } from '#src/base/native.js';
import { packageRoot } from '#src/base/package.js';

const addon = native('The test of the GPU engine');
const { gpu } = addon;
const { devices, reason } = gpu.inventory();
const without = devices.length > 0 ? 'this machine has a CUDA device' : false;
const withDevice = devices.length > 0 ? false : reason!;

const measured = async (name: string, device = 0) =>
  JSON.parse(await gpu.measure({ device, case: name, maximumMs: 300 })) as GpuMeasurement;

t.test('without a device the reason is one sentence, and everything else rejects', { skip: without }, async (t) => {
  t.match(reason, /^no CUDA device: [^.\n]+$/);
  if (!addon.build.cuda) t.match(reason, /built without CUDA/);
  const missing = { code: 'MISSING_DEVICE', message: /no CUDA device: / };
  await t.rejects(gpu.measure({ device: 0, case: 'copy', maximumMs: 100 }), missing);
  t.throws(() => gpu.cases({ device: 0 }), missing);
});

t.test('a device is described', { skip: withDevice }, async (t) => {
  t.equal(reason, null);
  for (const device of devices) {
    t.match(device.uuid, /^(GPU|MIG)-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    t.match(device.computeCapability, /^\d+\.\d$/);
    t.equal(device.capability, Number(device.computeCapability.replace('.', '')));
    t.ok(device.multiprocessors > 0);
    t.ok(device.memoryBytes > 2 ** 30);
    t.ok(device.l2Bytes > 0 && device.sharedBytesPerBlock >= 48 * 1024);
  }
});

t.test(
  'the suite: names of their own, those that gpu.json relies on, a quick part',
  { skip: withDevice },
  async (t) => {
    const cases = gpu.cases({ device: 0 });
    const names = cases.map(({ name }) => name);
    t.equal(new Set(names).size, names.length);
    for (const name of ['copy', 'read', 'write', 'triad', 'fma-fp32', 'latency-dram', 'empty-kernel', 'h2d-pinned']) {
      t.ok(names.includes(name), name);
    }
    t.ok(cases.some(({ quick }) => quick));
    for (const { description, mode, group } of cases) {
      t.ok(description && group);
      t.match(mode, /^(cold|hot|graph|host)$/);
    }
  },
);

t.test('every case of the suite gives a right answer', { skip: withDevice }, async (t) => {
  for (const { name } of gpu.cases({ device: 0 })) {
    const { status, reason, answer, timeNs, samplesNs } = await measured(name);
    if (status === 'skipped') continue;
    t.equal(status, 'ok', `${name}: ${reason}`);
    t.ok(answer?.correct, `${name}: off by ${answer?.error}`);
    t.ok(timeNs && timeNs.minimum > 0 && samplesNs!.length >= timeNs.count, name);
  }
});

t.test('what a record of a case says agrees with itself', { skip: withDevice }, async (t) => {
  const copy = await measured('copy');
  const { timeNs, medianIntervalNs, samplesNs, smClockHz, bytesPerLaunch, bytesPerSecond, throttled } = copy;
  t.match(copy, { name: 'copy', group: 'memory', mode: 'cold', launchesPerSample: 1, operationsPerSecond: 0 });
  t.ok(medianIntervalNs![0] <= timeNs!.median && timeNs!.median <= medianIntervalNs![1]);
  t.ok(Math.abs((bytesPerLaunch! / timeNs!.median) * 1e9 - bytesPerSecond!) < 1e-6 * bytesPerSecond!);
  t.equal(smClockHz!.length, samplesNs!.length);
  t.ok(throttled!.every((index) => index < samplesNs!.length));
  t.ok(copy.emptyEventNs! < timeNs!.minimum);
});

t.test('a device that is not there is a missing device', { skip: withDevice }, async (t) => {
  await t.rejects(measured('copy', 1000), { code: 'MISSING_DEVICE' });
});

t.test('bad arguments get one sentence', async (t) => {
  const measure = async (request: unknown) => gpu.measure(request as Parameters<typeof gpu.measure>[0]);
  const good = { device: 0, case: 'copy', maximumMs: 100 };
  const cases: [request: unknown, message: RegExp][] = [
    [undefined, /gpu\.measure: request must be/],
    [{ ...good, device: -1 }, /device must be/],
    [{ ...good, maximumMs: 0 }, /maximumMs must be/],
  ];
  for (const [request, message] of cases) await t.rejects(measure(request), { code: 'BAD_INPUT', message });
});

t.test('a case that the suite does not have', { skip: withDevice }, async (t) => {
  await t.rejects(measured('sort'), { code: 'BAD_INPUT', message: /sort/ });
});

t.test("a user's kernel: its time, and what it left in its buffer", { skip: withDevice }, async (t) => {
  const file = path.join(packageRoot, 'test/fixtures/gpu/kernels.ptx');
  const request: GpuUserKernel = {
    ...{ device: 0, file, entry: 'scaled', shared: '0', maximumMs: 300, timeoutMs: 5000 },
    grid: '4',
    block: '256',
    arguments: ['buffer:f32:1024:0', 'f32:2'],
  };
  const found = JSON.parse(await gpu.measureUserKernel(request)) as GpuMeasurement;
  t.match(found, { status: 'ok', outputs: [{ type: 'f32', count: 1024, sum: 1023 * 1024, nanCount: 0 }] });

  const rejected = (change: Partial<GpuUserKernel>, message: RegExp) =>
    t.rejects(gpu.measureUserKernel({ ...request, ...change }), { code: 'BAD_INPUT', message });
  await rejected({ entry: 'scalde' }, /scalde/);
  await rejected({ file: `${file}.none` }, /none/);
  await rejected({ block: '2048' }, /2048/);
  await rejected({ arguments: ['buffer:f32:1024:0', 'f33:2'] }, /f33/);
});
