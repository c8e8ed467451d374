import path from 'node:path';
import { InputError, MissingDeviceError } from '../base/errors.js';
import type { GpuUserKernel } from '../base/native.js';
import type { OnProgress } from '../base/progress.js';
import { gpuInventory, gpusNamed, measureGpus } from '../measure/gpu.js';
import { readGpuDocument } from '../measure/gpu-document.js';
import type { CaseChoice } from '../measure/gpu-suite.js';
import { hasFailed } from '../measure/gpu-usable.js';
import { measureUserKernel } from '../measure/gpu-user-kernel.js';
import { GpuFiles, type GpuReport } from './gpu-files.js';
import type { OutputFolder } from './output-folder.js';

export type { SuiteName } from '../measure/gpu-suite.js';
export { suiteNames } from '../measure/gpu-suite.js';
export { hasFailed, whyUnusable } from '../measure/gpu-usable.js';
export type { GpuReport } from './gpu-files.js';

export interface GpuOptions {
  device: number | 'all';
  choice: CaseChoice;
  /** Wall-clock limit of one case. */
  maximumMs: number;
  onProgress?: OnProgress | undefined;
}

/**
 * Times cases on one device, or on all in turn, and writes `gpu.json` and `gpu.csv` as each ends.
 * @throws MissingDeviceError without such a CUDA device, InputError for a case that no device has
 */
export async function gpu(out: OutputFolder, { device, ...options }: GpuOptions): Promise<GpuReport> {
  const inventory = gpuInventory();
  const devices = gpusNamed(device, inventory);
  const suite = typeof options.choice === 'string' ? options.choice : 'chosen cases';
  const files = new GpuFiles(out, devices, inventory, { suite });
  const onCase = async (results: Parameters<GpuFiles['write']>[0]) => void (await files.write(results));
  return files.write(await measureGpus(devices, { ...options, onCase }));
}

/**
 * Times a kernel of the user's, in a process of its own, and writes what came of it, a failure too.
 * @throws MissingDeviceError; InputError, after writing, where the file, the call or the kernel is at fault
 */
export async function gpuKernel(out: OutputFolder, kernel: GpuUserKernel): Promise<GpuReport> {
  const inventory = gpuInventory();
  const [device] = gpusNamed(kernel.device, inventory);
  const files = new GpuFiles(out, [device!], inventory, { suite: 'user kernel' });
  const { measurement, code } = await measureUserKernel(kernel);
  if (code === 'MISSING_DEVICE' || code === 'MISSING_ENGINE') {
    throw new MissingDeviceError(measurement.reason, { code });
  }
  const report = await files.write([{ device: device!, measurements: [measurement] }]);
  if (hasFailed(measurement)) throw new InputError(kernelFault(kernel, measurement.reason));
  return report;
}

/** The engine's sentence, which names the kernel or the file, behind the option. */
const kernelFault = ({ file }: GpuUserKernel, reason: string): string =>
  `--kernel ${file}: ${reason.replace(/^gpu: /, '')}`;

/** Makes `gpu.json` and `gpu.csv` of what the plain executable printed. Errors as `readGpuDocument`. */
export async function importGpu(out: OutputFolder, file: string): Promise<GpuReport> {
  const document = readGpuDocument(file);
  const devices = document.devices.map(({ device }) => device);
  const imported = {
    file: path.basename(file),
    tool: document.tool,
    version: document.version,
    measured_at: document.startedAt ?? null,
  };
  return new GpuFiles(out, devices, document, { suite: document.devices[0]!.suite, imported }).write(document.devices);
}
