import { answerCommands, processSource } from '../commands.js';
import { pinToCap } from '../cpu-cap.js';
import { type BenchSettings, TrialBench } from './bench.js';
import type { Trial } from './trial.js';

/** The process that measures: pinned to the CPU cap before its first thread starts. */
export type BenchCommand = { kind: 'begin'; settings: BenchSettings } | { kind: 'measure'; trial: Trial };

let bench: TrialBench | null = null;

answerCommands<BenchCommand>(processSource(), (command) => {
  if (command.kind === 'measure') return bench!.measure(command.trial);
  pinToCap(command.settings.cpuCap);
  bench = new TrialBench(command.settings);
  return null;
});

// Ctrl-C, and the end of a batch job, reach the whole process group: the trial that runs is finished, and the parent
// ends this process.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
process.on('disconnect', () => process.exit());
