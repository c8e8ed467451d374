import { nativeStatus } from '../base/native.js';
import { directReadProblem } from './direct-read.js';
import { hostFacts } from './host-facts.js';
import { type ProviderName, probeProvider } from './providers.js';
import { type VulkanDevice, vulkanDevice } from './vulkan.js';

export interface Finding {
  name: string;
  /** ok: usable. missing: not here. warning: usable, but it will distort or slow what is measured. */
  status: 'ok' | 'missing' | 'warning';
  /** What was found. */
  detail: string;
  /** What to do about it; null where nothing is to be done. */
  remedy: string | null;
}

const ok = (name: string, detail: string): Finding => ({ name, status: 'ok', detail, remedy: null });

function addonFinding(): Finding {
  const { addon, reason } = nativeStatus();
  if (addon) {
    const cuda = addon.build.cuda
      ? `CUDA kernels for sm_${addon.build.cudaArchitectures.join(', ')}`
      : 'without CUDA kernels';
    return ok('native addon', `loaded, ${cuda}, ${addon.build.compiler}`);
  }
  return {
    name: 'native addon',
    status: 'missing',
    detail: reason,
    remedy: "install cmake and a C++ compiler, then 'npm run build' in the package's folder",
  };
}

function cudaFinding(): Finding {
  const { addon } = nativeStatus();
  const inventory = addon?.gpu.inventory();
  if (inventory && inventory.devices.length > 0) {
    return ok('CUDA device', inventory.devices.map((device) => `${device.index}: ${device.name}`).join('; '));
  }
  return {
    name: 'CUDA device',
    status: 'missing',
    detail: inventory?.reason?.replace('no CUDA device: ', '') ?? 'unknown: the native addon is not loaded',
    remedy: 'on a node with an NVIDIA GPU, install its driver; elsewhere everything but GPU timing works',
  };
}

async function providerFindings(): Promise<Finding[]> {
  const names: ProviderName[] = ['cpu', 'cuda', 'webgpu'];
  const statuses = await Promise.all(names.map(probeProvider));
  const hasWebgpu = statuses.some(({ name, usable }) => name === 'webgpu' && usable);
  const device = hasWebgpu ? await vulkanDevice() : null;
  return statuses.map(({ name, usable, reason, remedy }) => {
    const subject = `ONNX Runtime ${name}`;
    if (!usable) return { name: subject, status: 'missing', detail: reason ?? 'unknown', remedy };
    return name === 'webgpu' ? webgpuFinding(subject, device) : ok(subject, 'ran a session');
  });
}

function webgpuFinding(name: string, device: VulkanDevice | null): Finding {
  if (!device) return ok(name, 'ran a session (install vulkan-tools to see on which device)');
  if (!device.isSoftware) return ok(name, `ran a session on ${device.name}`);
  return {
    name,
    status: 'warning',
    detail: `ran a session on ${device.name}, which is software and computes on the CPU`,
    remedy: "install the GPU vendor's driver with its Vulkan part; the software device serves to check results",
  };
}

function engineFindings(): Finding[] {
  const engines = nativeStatus().addon?.storage.engines() ?? [];
  return engines
    .filter((engine) => engine.name === 'uring')
    .map((engine) =>
      engine.usable
        ? ok('io_uring', 'usable')
        : {
            name: 'io_uring',
            status: 'missing' as const,
            detail: engine.reason ?? 'unknown',
            remedy:
              'storage is read by a pool of threads (psync) instead; allow io_uring in the container or kernel for deep queues',
          },
    );
}

function directFinding(folder: string): Finding {
  const name = `O_DIRECT in ${folder}`;
  const problem = directReadProblem(folder);
  if (problem === null) return ok(name, 'usable');
  return {
    name,
    status: 'warning',
    detail: problem,
    remedy: 'give --buffered to read through the page cache, or name a target on another file system',
  };
}

function hostFindings(): Finding[] {
  const facts = hostFacts();
  const findings = [
    ok('CPU', `${facts.cpu_model}, ${facts.allowed_cpus} of ${facts.logical_cpus} logical CPUs usable`),
    facts.cgroup_cpu_limit === null
      ? ok('CPU limit (cgroup)', 'none')
      : facts.cgroup_cpu_limit >= facts.allowed_cpus
        ? ok('CPU limit (cgroup)', `${facts.cgroup_cpu_limit} CPUs`)
        : ({
            name: 'CPU limit (cgroup)',
            status: 'warning',
            detail: `${facts.cgroup_cpu_limit} CPUs, fewer than the ${facts.allowed_cpus} that are visible: threads will be throttled`,
            remedy: `give --vcpu-cap ${Math.max(1, Math.floor(facts.cgroup_cpu_limit))}, or ask the scheduler for whole CPUs`,
          } satisfies Finding),
  ];
  if (facts.governor === null) findings.push(ok('CPU governor', 'not exposed (usual in virtual machines)'));
  else if (facts.governor === 'performance') findings.push(ok('CPU governor', facts.governor));
  else {
    findings.push({
      name: 'CPU governor',
      status: 'warning',
      detail: `${facts.governor}: clocks change with the load`,
      remedy: "'cpupower frequency-set -g performance' gives steadier times",
    });
  }
  return findings;
}

/** What is usable here and, for what is not, why and what would bring it. */
export async function examine(folder: string): Promise<Finding[]> {
  return [
    ...hostFindings(),
    addonFinding(),
    cudaFinding(),
    ...(await providerFindings()),
    ...engineFindings(),
    directFinding(folder),
  ];
}
