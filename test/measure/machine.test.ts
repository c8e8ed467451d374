import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import t from 'tap';
import { MissingDeviceError } from '#src/base/errors.js';
import { type GpuDevice, nativeStatus } from '#src/base/native.js';
import { examine } from '#src/measure/doctor.js';
import { gpuInventory, gpusNamed } from '#src/measure/gpu.js';
import { measureHost } from '#src/measure/host.js';
import { hostFacts } from '#src/measure/host-facts.js';
import { missingProvider, probeProvider } from '#src/measure/providers.js';
import { withScratchFile } from '#src/measure/scratch-file.js';
import { isFolder, measureStorage } from '#src/measure/storage.js';
import { wholeFiles } from '#src/measure/storage-suite.js';

const addon = nativeStatus();
const skip = addon.addon ? false : `no addon: ${addon.reason}`;
const folder = mkdtempSync(path.join(os.tmpdir(), 'orion-machine-'));
t.teardown(() => rmSync(folder, { recursive: true, force: true }));

t.test('host facts agree with what Node says', async (t) => {
  const facts = hostFacts();
  t.equal(facts.logical_cpus, os.cpus().length);
  t.equal(facts.memory_bytes, os.totalmem());
  t.ok(facts.allowed_cpus >= 1 && facts.allowed_cpus <= facts.logical_cpus);
  t.ok(facts.physical_cores === null || facts.physical_cores <= facts.logical_cpus);
});

t.test('host rates are physically possible', { skip }, async (t) => {
  const host = await measureHost({ durationMs: 100, threads: 2 });
  const { one_thread: copy } = host.copy_bytes_per_s;
  t.ok(copy > 1e8 && copy < 1e12, `copy ${copy} bytes/s`);
  // At most 2 fused multiply-adds of 16 floats per cycle at 6 GHz.
  t.ok(host.fp32_flops_per_s.one_thread > 1e8 && host.fp32_flops_per_s.one_thread < 2 * 2 * 16 * 6e9);
  t.ok(host.fp64_flops_per_s.one_thread < host.fp32_flops_per_s.one_thread * 1.2, 'doubles are not faster than floats');
  t.ok(host.decode.one_thread.images > 0);
  t.equal(host.decode.all_threads.threads, 2);
});

t.test('the CPU provider runs a session; one that is missing is refused with its remedy', async (t) => {
  t.match(await probeProvider('cpu'), { usable: true, reason: null, remedy: null });
  const cuda = await probeProvider('cuda');
  if (cuda.usable) return;
  const error = missingProvider(cuda);
  t.equal(error.exitCode, 3);
  t.match(error.message, /ONNXRUNTIME_NODE_INSTALL=cuda12/);
  t.notOk(error.message.includes('\n'), 'one sentence');
});

t.test('without a CUDA device the GPU measurement says why', { skip }, async (t) => {
  const inventory = gpuInventory();
  if (inventory.devices.length > 0) {
    t.throws(() => gpusNamed(999), MissingDeviceError);
    t.same(gpusNamed('all'), inventory.devices);
    return;
  }
  t.match(inventory.reason, /^no CUDA device: /);
  for (const device of [0, 'all'] as const) {
    t.throws(() => gpusNamed(device), { exitCode: 3, message: /^No CUDA device: .*\.$/ });
  }
});

t.test('a device that is not among those of the machine is named, and they are listed', async (t) => {
  const two = [0, 1].map((index) => ({ index, name: 'Made-up GPU' })) as GpuDevice[];
  const inventory = { devices: two, reason: null, driverVersion: 13000, runtimeVersion: 13000 };
  t.same(gpusNamed(1, inventory), [two[1]]);
  t.same(gpusNamed('all', inventory), two);
  t.throws(() => gpusNamed(2, inventory), {
    exitCode: 3,
    message: '--device 2: there is no such CUDA device; this machine has 0 (Made-up GPU), 1 (Made-up GPU).',
  });
});

t.test('a scratch file has the size asked for and is gone afterwards, after an error too', async (t) => {
  const made: string[] = [];
  const size = await withScratchFile(folder, 3 * 2 ** 20, async (file) => {
    made.push(file);
    return statSync(file).size;
  });
  t.equal(size, 3 * 2 ** 20);
  await t.rejects(
    withScratchFile(folder, 2 ** 20, async (file) => {
      made.push(file);
      throw new Error('midway');
    }),
    /midway/,
  );
  t.equal(made.length, 2);
  for (const file of made) t.notOk(existsSync(file));
  await t.rejects(
    withScratchFile(folder, 2 ** 60, async () => {}),
    { message: /too little for a .* test file/ },
  );
});

t.test('a folder is read as whole files, a file in blocks; bytes are accounted', { skip }, async (t) => {
  const samples = path.join(folder, 'samples');
  mkdirSync(path.join(samples, 'below'), { recursive: true });
  for (let i = 0; i < 7; i++)
    writeFileSync(path.join(samples, i % 2 ? 'below' : '.', `${i}.bin`), Buffer.alloc(10_000, i));
  const options = { engine: 'psync', direct: false, durationMs: 100, seed: 1 } as const;
  const [whole] = await measureStorage(samples, [wholeFiles], options);
  t.equal(whole!.measurement.targetBytes, 70_000);
  t.equal(whole!.measurement.bytes % 10_000, 0, 'files are read whole');
  t.ok(whole!.measurement.bytes > 0);

  const file = path.join(samples, '0.bin');
  const block = { name: 'random', pattern: 'random', blockBytes: 4096, depth: 2, threads: 1 } as const;
  const [random] = await measureStorage(file, [block], options);
  t.ok(random!.measurement.operations > 0);

  const [onFolder] = await measureStorage(samples, [block], options);
  t.match(onFolder!.target, /scratch file/);
  t.same(
    readdirSync(samples).filter((name) => name.includes('scratch')),
    [],
  );
});

t.test('storage targets that cannot be read are named', { skip }, async (t) => {
  t.throws(() => isFolder(path.join(folder, 'nothing')), { exitCode: 2, message: /nothing cannot be read: ENOENT/ });
  mkdirSync(path.join(folder, 'empty'));
  const options = { engine: 'auto', direct: false, durationMs: 50, seed: 1 } as const;
  await t.rejects(measureStorage(path.join(folder, 'empty'), [wholeFiles], options), {
    exitCode: 2,
    message: /holds no files with content/,
  });
});

t.test('the examination finds the CPU provider and says what to do about what is missing', async (t) => {
  const findings = await examine(folder);
  t.match(
    findings.find((finding) => finding.name === 'ONNX Runtime cpu'),
    { status: 'ok' },
  );
  for (const finding of findings.filter(({ status }) => status !== 'ok')) {
    t.ok(finding.detail.length > 0 && finding.remedy, finding.name);
  }
});
