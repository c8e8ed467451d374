// CPU time of processes, from /proc.
import { readdirSync, readFileSync } from 'node:fs';

/** Fields of /proc/PID/stat from the third on: what comes before is the name, in brackets, which may hold anything. */
function statOf(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** CPU time of a process so far, ms; the kernel counts in ticks of 10 ms. */
export function processCpuMs(pid) {
  const fields = statOf(pid);
  return 10 * (Number(fields[11]) + Number(fields[12]));
}

/** CPU time so far of this process and of its children, those included that have ended, ms. */
export function familyCpuMs() {
  const ended = statOf(process.pid);
  let ms = processCpuMs(process.pid) + 10 * (Number(ended[13]) + Number(ended[14]));
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (Number(statOf(pid)[1]) === process.pid) ms += processCpuMs(pid);
    } catch {
      // It has ended since the folder was read.
    }
  }
  return ms;
}
