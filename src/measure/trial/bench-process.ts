import { writeFileSync } from 'node:fs';
import { answerCommands, processSource } from '../commands.js';
import { pinToCap } from '../cpu-cap.js';
import { type BenchSettings, TrialBench } from './bench.js';
import type { Trial } from './trial.js';

/** The process that measures: pinned to the CPU cap before its first thread starts. */
export type BenchCommand = { kind: 'begin'; settings: BenchSettings } | { kind: 'measure'; trial: Trial };

let bench: TrialBench | null = null;

answerCommands<BenchCommand>(processSource(), (command) => {
  if (command.kind === 'measure') return bench!.measure(command.trial);
  offerForKilling();
  pinToCap(command.settings.cpuCap);
  bench = new TrialBench(command.settings);
  return null;
});

// Ctrl-C, and the end of a batch job, reach the whole process group: the trial that runs is finished, and the parent
// ends this process.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
// The parent is gone, killed perhaps, and a resumed sweep may measure already: an ordinary exit would wait for the step
// that runs.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));

/** Where memory runs out the kernel shall take this process, and not the parent, which keeps the records. */
function offerForKilling(): void {
  try {
    // Half of the machine's memory is added to what counts as its own.
    writeFileSync('/proc/self/oom_score_adj', '500');
  } catch {
    // The kernel's own choice stands; it is the larger process, which mostly is this one.
  }
}
