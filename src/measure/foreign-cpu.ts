import { readFileSync } from 'node:fs';

/** Times since some fixed moments; only differences mean something. */
export interface CpuReading {
  wallMs: number;
  /** CPU time spent by whomever on the CPUs that this process may use; null where the kernel does not say. */
  busyMs: number | null;
  /** CPU time of what is measured. */
  ownMs: number;
}

/** The kernel counts CPU time in ticks of 1/100 s (USER_HZ), whatever its own clock. */
const tickMs = 10;

/**
 * CPU cores that others kept busy between two readings (1 = a whole core); null where the kernel does not say, or where
 * its answer does not even contain what this process spent (sandboxes put zeros there).
 */
export function foreignCores(before: CpuReading, after: CpuReading): number | null {
  if (before.busyMs === null || after.busyMs === null) return null;
  const busyMs = after.busyMs - before.busyMs;
  const ownMs = after.ownMs - before.ownMs;
  if (busyMs + 4 * tickMs < ownMs / 2) return null;
  return Math.max(0, busyMs - ownMs) / (after.wallMs - before.wallMs);
}

/** Whether others used more than 10 % of a core, beyond what the kernel's ticks can feign in so short a time. */
export function isDisturbed(cores: number | null, windowMs: number): boolean {
  const uncertainMs = 3 * tickMs;
  return cores !== null && cores > 0.1 + uncertainMs / windowMs;
}

/** Measures how busy others keep the CPUs that this process may use. */
export class ForeignCpuMeter {
  readonly #ownMs: () => number;
  readonly #cpus: ReadonlySet<number> | null;

  /** @param ownMs CPU time of what is measured: this process, unless told otherwise */
  constructor(ownMs: () => number = processCpuMs) {
    this.#ownMs = ownMs;
    this.#cpus = allowedCpus();
  }

  read(): CpuReading {
    return { wallMs: performance.now(), busyMs: this.#busyMs(), ownMs: this.#ownMs() };
  }

  #busyMs(): number | null {
    const text = readOrNull('/proc/stat');
    return text === null || this.#cpus === null ? null : busyMsIn(text, this.#cpus);
  }
}

/**
 * CPU time spent on the given CPUs, from the text of /proc/stat: user, nice, system, interrupts, and what the hypervisor
 * gave to other machines (steal). Time of guests is part of user and nice. null where none of the CPUs is listed.
 */
export function busyMsIn(procStat: string, cpus: ReadonlySet<number>): number | null {
  let ticks: number | null = null;
  for (const [, cpu, times] of procStat.matchAll(/^cpu(\d+) (.*)$/gm)) {
    if (!cpus.has(Number(cpu))) continue;
    const [user, nice, system, , , irq, softirq, steal = 0] = times!.split(' ').map(Number) as number[];
    ticks = (ticks ?? 0) + user! + nice! + system! + irq! + softirq! + steal;
  }
  return ticks === null ? null : ticks * tickMs;
}

/** The numbers of a list as the kernel writes it: `0-2,5`. */
export function cpusInList(list: string): Set<number> {
  const cpus = new Set<number>();
  for (const range of list.split(',')) {
    const [first, last = first] = range.split('-').map(Number) as [number, number?];
    for (let cpu = first; cpu <= last; cpu++) cpus.add(cpu);
  }
  return cpus;
}

function allowedCpus(): Set<number> | null {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readOrNull('/proc/self/status') ?? '')?.[1];
  return list === undefined ? null : cpusInList(list);
}

/** Of all threads of this process. */
function processCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
