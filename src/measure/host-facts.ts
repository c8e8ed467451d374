import { readdirSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { cpuModel } from '../base/provenance.js';

/** What the operating system says about the processor and memory; null where it does not say. */
export interface HostFacts {
  cpu_model: string;
  logical_cpus: number;
  /** CPUs that this process may use (affinity). */
  allowed_cpus: number;
  physical_cores: number | null;
  /** CPU limit of the control group, in CPUs; null = none. */
  cgroup_cpu_limit: number | null;
  cgroup_memory_limit_bytes: number | null;
  memory_bytes: number;
  /** Largest data or unified cache of each level, bytes, of the first CPU: [L1, L2, L3]. */
  cache_bytes: number[];
  numa_nodes: number;
  /** Frequency governor; null where the kernel exposes none (most virtual machines). */
  governor: string | null;
  kernel: string;
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return null;
  }
}

function list(folder: string, pattern: RegExp): string[] {
  try {
    return readdirSync(folder).filter((name) => pattern.test(name));
  } catch {
    return [];
  }
}

/** Distinct (package, core) pairs: what is left when hyper-threads are counted once. */
function physicalCores(): number | null {
  const cores = new Set<string>();
  const root = '/sys/devices/system/cpu';
  for (const cpu of list(root, /^cpu\d+$/)) {
    const core = read(path.join(root, cpu, 'topology/core_id'));
    if (core === null) return null;
    cores.add(`${read(path.join(root, cpu, 'topology/physical_package_id'))}:${core}`);
  }
  return cores.size > 0 ? cores.size : null;
}

function cacheBytes(): number[] {
  const root = '/sys/devices/system/cpu/cpu0/cache';
  const byLevel: number[] = [];
  for (const index of list(root, /^index\d+$/)) {
    const level = Number(read(path.join(root, index, 'level')));
    const size = /^(\d+)K$/.exec(read(path.join(root, index, 'size')) ?? '');
    if (read(path.join(root, index, 'type')) === 'Instruction' || !size) continue;
    byLevel[level - 1] = Math.max(byLevel[level - 1] ?? 0, Number(size[1]) * 1024);
  }
  return byLevel;
}

/** The smallest limit along this process's control groups (both hierarchies); null where none is set. */
function cgroupLimit(controller: string, limitIn: (folder: string) => number | null): number | null {
  let smallest: number | null = null;
  for (const line of (read('/proc/self/cgroup') ?? '').split('\n')) {
    const [, controllers = '', group = '/'] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (controllers !== '' && !controllers.split(',').includes(controller)) continue;
    const root = controllers === '' ? '/sys/fs/cgroup' : `/sys/fs/cgroup/${controllers}`;
    for (let folder = group; ; folder = path.dirname(folder)) {
      const limit = limitIn(path.join(root, folder));
      if (limit !== null && (smallest === null || limit < smallest)) smallest = limit;
      if (folder === '/' || folder === '.') break;
    }
  }
  return smallest;
}

function cpuLimitIn(folder: string): number | null {
  const [quota, period] = (read(path.join(folder, 'cpu.max')) ?? '').split(' ');
  if (quota && quota !== 'max') return Number(quota) / Number(period);
  const quotaUs = Number(read(path.join(folder, 'cpu.cfs_quota_us')) ?? -1);
  return quotaUs > 0 ? quotaUs / Number(read(path.join(folder, 'cpu.cfs_period_us'))) : null;
}

function memoryLimitIn(folder: string): number | null {
  const text = read(path.join(folder, 'memory.max')) ?? read(path.join(folder, 'memory.limit_in_bytes'));
  const bytes = Number(text ?? Number.NaN);
  // "No limit" reads `max` or a page-rounded 2^63.
  return Number.isFinite(bytes) && bytes > 0 && bytes < 2 ** 60 ? bytes : null;
}

export function hostFacts(): HostFacts {
  return {
    cpu_model: cpuModel(),
    logical_cpus: os.cpus().length,
    allowed_cpus: os.availableParallelism(),
    physical_cores: physicalCores(),
    cgroup_cpu_limit: cgroupLimit('cpu', cpuLimitIn),
    cgroup_memory_limit_bytes: cgroupLimit('memory', memoryLimitIn),
    memory_bytes: os.totalmem(),
    cache_bytes: cacheBytes(),
    numa_nodes: Math.max(1, list('/sys/devices/system/node', /^node\d+$/).length),
    governor: read('/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor'),
    kernel: os.release(),
  };
}
