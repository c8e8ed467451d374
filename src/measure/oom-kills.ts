import { readFileSync } from 'node:fs';

/** Processes that the kernel has ended for lack of memory since it started, on the whole machine; null where it does not say. */
export function outOfMemoryKills(): number | null {
  try {
    const [, count] = /^oom_kill (\d+)$/m.exec(readFileSync('/proc/vmstat', 'utf8')) ?? [];
    return count === undefined ? null : Number(count);
  } catch {
    return null;
  }
}
