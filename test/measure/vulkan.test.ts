import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import t from 'tap';
import type { Row } from '#src/base/columns.js';
import { buildBatchUpload } from '#src/graph/batch-upload.js';
import type { StepTime } from '#src/measure/session/messages.js';
import { OnnxSession } from '#src/measure/session/onnx-session.js';
import { preferredDevice } from '#src/measure/vulkan.js';
import { smallConfigs } from '../networks/small-configs.js';
import { runInEnvironment, softwareVulkan } from '../support/vulkan.js';

const section = (index: number, type: string, name: string, driverInfo: string) =>
  [
    `GPU${index}:`,
    '\tdriverVersion      = 5.0.0',
    `\tdeviceType         = PHYSICAL_DEVICE_TYPE_${type}`,
    `\tdeviceName         = ${name}`,
    `\tdriverInfo         = ${driverInfo}`,
    `\tdeviceUUID         = 0000-${index}`,
  ].join('\n');
const summary = (...sections: string[]) => ['Devices:', '========', ...sections, ''].join('\n');

t.test('of several Vulkan devices the one that WebGPU takes is named', async (t) => {
  const llvmpipe = section(0, 'CPU', 'llvmpipe (LLVM 15.0.6, 256 bits)', 'Mesa 22.3.6');
  const swiftShader = section(1, 'CPU', 'SwiftShader Device (Subzero)', '');
  const integrated = section(2, 'INTEGRATED_GPU', 'Intel(R) UHD Graphics 770 (ADL-S GT1)', 'Mesa 22.3.6');
  const discrete = section(3, 'DISCRETE_GPU', 'NVIDIA L4', '550.54.14');
  t.equal(preferredDevice(summary()), null);
  t.equal(preferredDevice(summary(llvmpipe)), null, "Mesa's software device is refused");
  t.same(preferredDevice(summary(llvmpipe, swiftShader)), {
    name: 'SwiftShader Device (Subzero)',
    isSoftware: true,
    driver: '5.0.0',
    uuid: '0000-1',
  });
  t.match(preferredDevice(summary(llvmpipe, integrated)), { name: /Intel/, isSoftware: false });
  t.same(preferredDevice(summary(swiftShader, integrated, discrete)), {
    name: 'NVIDIA L4',
    isSoftware: false,
    driver: '550.54.14',
    uuid: '0000-3',
  });
});

t.test('precision 16 is refused where it is not measured, with the reason', async (t) => {
  const open = (provider: 'cpu' | 'webgpu') =>
    OnnxSession.open({ config: { ...smallConfigs.resmlp!, precision: 16, provider }, deviceId: 0, threads: 1 });
  await t.rejects(open('cpu'), { exitCode: 2, message: /precision 16 is measured on a GPU only/ });
  await t.rejects(open('webgpu'), { exitCode: 2, message: /precision 16 is measured on CUDA only/ });
});

t.test('token ids and labels, which the provider handles on the CPU, are not copied', async (t) => {
  const ids = { name: 'ids', dtype: 'int64', dims: [2, 4] } as const;
  t.equal(buildBatchUpload([{ ...ids, dims: [2, 4] }]), null);
  const images = { name: 'images', dtype: 'float32' as const, dims: [2, 3, 4, 4] };
  t.same(
    buildBatchUpload([images, { ...ids, dims: [2] }])!.resident.map(({ input }) => input),
    ['images'],
  );
});

const { env, skip } = await softwareVulkan();

t.test('trials and the step timer on a software device', { skip }, async (t) => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'orion-vulkan-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  type Placed = { fromHost: number; losses: number[]; locations: string[] };
  type Run = { rows: Row[]; step: StepTime; placed: Placed };
  const [run] = await runInEnvironment<Run>('measure/vulkan-run.js', [folder], env!);
  const { rows, step, placed } = run!;
  t.equal(rows.length, 2);
  const [full, half] = [32, 16].map((precision) => rows.find((row) => Number(row.precision) === precision)!);
  // Without vulkaninfo the device has no name.
  const named = /^(SwiftShader.* \(software\)|WebGPU device)$/;
  t.match(full, { status: 'ok', provider: 'webgpu', gpu_name: named, reason: null });
  for (const column of ['T_gpu_ms', 'h2d_ms', 'compute_only_ms', 'prepare_ms']) t.ok(Number(full![column]) > 0, column);
  t.match(half, { status: 'skipped', reason: /precision 16 is measured on CUDA only/, T_gpu_ms: null });
  t.same(placed.locations, ['gpu-buffer', 'cpu'], 'images are copied to the device before the step, labels are not');
  t.same(placed.losses, [placed.fromHost, placed.fromHost], 'the same step either way, and a batch serves twice');
  t.ok(step.stepMs > 0 && step.pairs.length >= 3, `${step.stepMs} ms per step over ${step.pairs.length} pairs`);
});
