import { execFile } from 'node:child_process';

export interface VulkanDevice {
  name: string;
  /** It computes on the CPU. */
  isSoftware: boolean;
  driver: string;
  uuid: string;
}

/** Dawn's order where a high-performance device is asked for, as ONNX Runtime does. */
const preference = ['DISCRETE_GPU', 'INTEGRATED_GPU', 'VIRTUAL_GPU', 'CPU', 'OTHER'];
/** Dawn refuses Mesa's software device. */
const refused = /^llvmpipe/;

/**
 * The device that WebGPU computes on, by what `vulkaninfo --summary` lists: ONNX Runtime does not say which it took. null
 * where there is none, or no vulkaninfo (Debian: vulkan-tools).
 */
export function vulkanDevice(): Promise<VulkanDevice | null> {
  return new Promise((resolve) => {
    execFile('vulkaninfo', ['--summary'], { timeout: 30_000 }, (error, stdout) => {
      resolve(error ? null : preferredDevice(stdout));
    });
  });
}

/** Of the devices in the text of `vulkaninfo --summary` the one that Dawn would take. */
export function preferredDevice(summary: string): VulkanDevice | null {
  const devices = summary
    .split(/^GPU\d+:$/m)
    .slice(1)
    .map((section) => new Map([...section.matchAll(/^\s+(\w+)\s*= *(.*)$/gm)].map(([, key, value]) => [key!, value!])))
    .filter((facts) => !refused.test(facts.get('deviceName') ?? ''));
  const typeOf = (facts: Map<string, string>) => (facts.get('deviceType') ?? '').replace('PHYSICAL_DEVICE_TYPE_', '');
  const [first] = devices.toSorted((a, b) => preference.indexOf(typeOf(a)) - preference.indexOf(typeOf(b)));
  if (!first) return null;
  return {
    name: first.get('deviceName')!,
    isSoftware: typeOf(first) === 'CPU',
    driver: first.get('driverInfo') || first.get('driverVersion') || '',
    uuid: first.get('deviceUUID') ?? '',
  };
}
