import t from 'tap';
import { type GpuKernel, native } from '#src/base/native.js';

const addon = native('The test of the GPU engine');
const { gpu } = addon;
const { devices, reason } = gpu.inventory();
const hasDevice = devices.length > 0;
const without = hasDevice ? 'this machine has a CUDA device' : false;
const withDevice = hasDevice ? false : reason!;

const kernels: GpuKernel[] = ['copy', 'fma'];

t.test('without a device the reason is one sentence and measuring rejects', { skip: without }, async (t) => {
  t.match(reason, /^no CUDA device: [^.\n]+$/);
  if (!addon.build.cuda) t.match(reason, /built without CUDA/);
  for (const kernel of kernels) {
    await t.rejects(gpu.measure({ device: 0, kernel, maximumMs: 100 }), {
      code: 'MISSING_DEVICE',
      message: /no CUDA device: /,
    });
  }
});

t.test('a device is described', { skip: withDevice }, async (t) => {
  t.equal(reason, null);
  for (const device of devices) {
    t.match(device.uuid, /^GPU-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    t.match(device.computeCapability, /^\d+\.\d$/);
    t.ok(device.multiprocessors > 0);
    t.ok(device.memoryBytes > 2 ** 30);
  }
});

t.test('kernels give right answers and a rate', { skip: withDevice }, async (t) => {
  for (const kernel of kernels) {
    const measured = await gpu.measure({ device: 0, kernel, maximumMs: 1000 });
    t.equal(measured.kernel, kernel);
    t.ok(measured.answerCorrect);
    t.ok(measured.bytesPerSecond > 0);
    t.equal(measured.flopsPerSecond > 0, kernel === 'fma');
    t.equal(measured.samplesNs.length, measured.timeNs.count);
    t.ok(measured.emptyEventNs < measured.timeNs.minimum);
  }
});

t.test('a device that is not there is a missing device', { skip: withDevice }, async (t) => {
  await t.rejects(gpu.measure({ device: 1000, kernel: 'copy', maximumMs: 100 }), { code: 'MISSING_DEVICE' });
});

t.test('bad arguments get one sentence', async (t) => {
  const measure = async (request: unknown) => gpu.measure(request as Parameters<typeof gpu.measure>[0]);
  const good = { device: 0, kernel: 'copy', maximumMs: 100 };
  const cases: [request: unknown, message: RegExp][] = [
    [undefined, /gpu\.measure: request must be/],
    [{ ...good, device: -1 }, /device must be/],
    [{ ...good, kernel: 'sort' }, /kernel must be one of copy, fma, but it is 'sort'/],
    [{ ...good, maximumMs: 0 }, /maximumMs must be/],
  ];
  for (const [request, message] of cases) await t.rejects(measure(request), { code: 'BAD_INPUT', message });
});
