// CPU time of processes, from /proc.
import { readdirSync, readFileSync } from 'node:fs';

/**
 * CPU time so far of a process and all that it has started, those included that have ended and were waited for, ms; the
 * kernel counts in ticks of 10 ms.
 */
export function familyCpuMs(pid = process.pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // From the third field on: what comes before is the name, in brackets, which may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user, system, endedUser, endedSystem] = fields.slice(11, 15).map(Number);
  return childrenOf(pid).reduce(
    (sum, child) => sum + childCpuMs(child),
    10 * (user + system + endedUser + endedSystem),
  );
}

function childCpuMs(pid) {
  try {
    return familyCpuMs(pid);
  } catch (error) {
    // It has ended since it was listed.
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return 0;
    throw error;
  }
}

function childrenOf(pid) {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean),
  );
}
