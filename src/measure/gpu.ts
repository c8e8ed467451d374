import { MissingDeviceError } from '../base/errors.js';
import { type GpuDevice, type GpuInventory, type GpuKernel, type GpuMeasurement, native } from '../base/native.js';
import type { OnProgress } from '../base/progress.js';

export interface GpuReport {
  device: GpuDevice;
  measurements: GpuMeasurement[];
}

/** Devices, or the reason why there are none. */
export function gpuInventory(): GpuInventory {
  return native("The 'gpu' command").gpu.inventory();
}

const kernels: readonly GpuKernel[] = ['copy', 'fma'];

/**
 * Times the kernel suite on one device.
 * @throws MissingDeviceError (exit 3) where there is no CUDA device, or none with this number.
 */
export async function measureGpu(index: number, maximumMs: number, onProgress?: OnProgress): Promise<GpuReport> {
  const { gpu } = native("The 'gpu' command");
  const { devices, reason } = gpu.inventory();
  if (reason !== null) throw new MissingDeviceError(`${reason[0]?.toUpperCase()}${reason.slice(1)}.`);
  const device = devices.find((candidate) => candidate.index === index);
  if (!device) {
    const known = devices.map((candidate) => `${candidate.index} (${candidate.name})`).join(', ');
    throw new MissingDeviceError(`--device ${index}: there is no such CUDA device; this machine has ${known}.`);
  }
  const measurements: GpuMeasurement[] = [];
  for (const [done, kernel] of kernels.entries()) {
    onProgress?.({ stage: 'gpu', done, total: kernels.length, detail: kernel });
    measurements.push(await gpu.measure({ device: index, kernel, maximumMs }));
  }
  return { device, measurements };
}
