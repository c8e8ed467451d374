import { MissingDeviceError } from '../base/errors.js';
import { type GpuDevice, type GpuInventory, type GpuMeasurement, native } from '../base/native.js';
import type { OnProgress } from '../base/progress.js';
import { type CaseChoice, suitesOf } from './gpu-suite.js';

/** One device, and what was measured on it until now. */
export interface GpuResult {
  device: GpuDevice;
  measurements: GpuMeasurement[];
}

const purpose = "The 'gpu' command";

/** Devices, or the reason why there are none. */
export function gpuInventory(): GpuInventory {
  return native(purpose).gpu.inventory();
}

/** The devices of that number, or all. @throws MissingDeviceError (exit 3) where there is no CUDA device, or none of it */
export function gpusNamed(device: number | 'all', { devices, reason }: GpuInventory = gpuInventory()): GpuDevice[] {
  if (reason !== null) throw new MissingDeviceError(`${reason[0]?.toUpperCase()}${reason.slice(1)}.`);
  if (device === 'all') return devices;
  const found = devices.find((candidate) => candidate.index === device);
  if (found) return [found];
  const known = devices.map((candidate) => `${candidate.index} (${candidate.name})`).join(', ');
  throw new MissingDeviceError(`--device ${device}: there is no such CUDA device; this machine has ${known}.`);
}

export interface GpuSuiteOptions {
  choice: CaseChoice;
  /** Wall-clock limit of one case. */
  maximumMs: number;
  onProgress?: OnProgress | undefined;
  /** Called as each case ends, so that a later failure loses none of it. */
  onCase: (results: readonly GpuResult[]) => Promise<void>;
}

/** Times the chosen cases, one device after the other. @throws InputError for a case that no device has */
export async function measureGpus(devices: readonly GpuDevice[], options: GpuSuiteOptions): Promise<GpuResult[]> {
  const { gpu } = native(purpose);
  const suites = suitesOf(
    devices.map(({ index }) => gpu.cases({ device: index })),
    options.choice,
  );
  const total = suites.reduce((sum, { cases, missing }) => sum + cases.length + missing.length, 0);
  const results: GpuResult[] = [];
  let done = 0;
  for (const [i, device] of devices.entries()) {
    const { cases, missing } = suites[i]!;
    const result: GpuResult = { device, measurements: [...missing] };
    results.push(result);
    done += missing.length;
    for (const { name } of cases) {
      const where = devices.length > 1 ? `${name} on ${device.index} (${device.name})` : name;
      options.onProgress?.({ stage: 'gpu', done, total, current: where });
      const text = await gpu.measure({ device: device.index, case: name, maximumMs: options.maximumMs });
      result.measurements.push(JSON.parse(text) as GpuMeasurement);
      done++;
      options.onProgress?.({ stage: 'gpu', done, total, detail: where });
      await options.onCase(results);
    }
  }
  return results;
}
