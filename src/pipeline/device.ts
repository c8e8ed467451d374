import { requireCount } from '../base/checks.js';
import { InputError } from '../base/errors.js';
import { nativeStatus } from '../base/native.js';
import type { OnNote } from '../base/progress.js';
import { missingProvider, type ProviderName, probeProvider } from '../measure/providers.js';
import { cpuDevice, type TrialDevice } from '../measure/trial/settings.js';
import { vulkanDevice } from '../measure/vulkan.js';

/**
 * The device named by `--device` (cpu, cuda, cuda:N, webgpu); without a name CUDA where it works, else the CPU, and
 * `onNote` says which.
 * @throws MissingDeviceError where a device was asked for and cannot be used: nothing falls back.
 */
export async function chooseDevice(name: string | undefined, onNote?: OnNote): Promise<TrialDevice> {
  if (name === undefined) {
    const cuda = await probeProvider('cuda');
    if (cuda.usable) {
      const device = cudaDevice(0);
      onNote?.(`No --device was given: measuring on ${device.name} (CUDA).`);
      return device;
    }
    onNote?.(`No --device was given and ONNX Runtime has no CUDA here (${cuda.reason}): measuring on the CPU.`);
    return cpuDevice;
  }
  const [, provider, index] = /^(cpu|cuda|webgpu)(?::(\d+))?$/i.exec(name) ?? [];
  if (!provider || (index !== undefined && provider.toLowerCase() !== 'cuda')) {
    throw new InputError(`--device does not know '${name}': give cpu, cuda, cuda:N or webgpu.`);
  }
  const status = await probeProvider(provider.toLowerCase() as ProviderName);
  if (!status.usable) throw missingProvider(status);
  if (status.name === 'cuda') return cudaDevice(requireCount(Number(index ?? 0), '--device'));
  return status.name === 'cpu' ? cpuDevice : webgpuDevice(onNote);
}

/** Facts from the addon's own view of the driver, where it was built with CUDA. */
function cudaDevice(deviceId: number): TrialDevice {
  const inventory = nativeStatus().addon?.gpu.inventory();
  const found = inventory?.devices.find((device) => device.index === deviceId);
  if (inventory && inventory.devices.length > 0 && !found) {
    const known = inventory.devices.map((device) => `cuda:${device.index} (${device.name})`).join(', ');
    throw new InputError(`--device cuda:${deviceId}: there is no such device; this machine has ${known}.`);
  }
  return {
    provider: 'cuda',
    deviceId,
    name: found?.name ?? `CUDA device ${deviceId}`,
    uuid: found?.uuid ?? null,
    driver: inventory && found ? inventory.driver || String(inventory.driverVersion) : null,
  };
}

/** A software device is named as one: its times say nothing about a GPU. */
async function webgpuDevice(onNote?: OnNote): Promise<TrialDevice> {
  const found = await vulkanDevice();
  if (!found) {
    onNote?.("vulkaninfo is not here to name the GPU, which is recorded as 'WebGPU device': install vulkan-tools.");
    return { provider: 'webgpu', deviceId: 0, name: 'WebGPU device', uuid: null, driver: null };
  }
  const name = found.isSoftware ? `${found.name} (software)` : found.name;
  if (found.isSoftware) onNote?.(`${found.name} is a software device: it computes on the CPU, slowly.`);
  return { provider: 'webgpu', deviceId: 0, name, uuid: found.uuid, driver: found.driver };
}
