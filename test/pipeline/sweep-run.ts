import { setTimeout } from 'node:timers/promises';
import { OrionError } from '#src/base/errors.js';
import { MersenneTwister } from '#src/base/random.js';
import { openTrainingSet } from '#src/data/open.js';
import type { measureTrials } from '#src/measure/run-trials.js';
import { trialOutcome } from '#src/measure/trial/outcome.js';
import { cpuDevice } from '#src/measure/trial/settings.js';
import { generate } from '#src/pipeline/generate.js';
import { OutputFolder } from '#src/pipeline/output-folder.js';

// The sweep of `generate` with trials that take a few milliseconds: a process for the tests to stop.
// usage: node sweep-run.js OUT DATA_ROOT TRIALS [--resume]

/** Waits in place of training, and draws the times that it reports from the trial's id. */
const measurer: typeof measureTrials = async function* (trials, settings) {
  for (const trial of trials) {
    const random = new MersenneTwister(Number.parseInt(trial.id.slice(0, 8), 16));
    await setTimeout(1 + random.interval(4));
    const set = openTrainingSet(settings.dataRoot, trial.dataset);
    const ending = { status: 'skipped', reason: null, samples: null } as const;
    const outcome = trialOutcome(trial, set, settings, new Date(), ending);
    const samples = { ...outcome.samples, computeMs: Array.from({ length: 20 }, () => random.float64()) };
    const times = { avg_batch_time_ms: samples.computeMs[0]!, T_gpu_ms: 1 / 3, T_cpu_io_ms: 0, bottleneck: 'gpu' };
    yield { ...outcome, status: 'ok', samples, row: { ...outcome.row, ...times, status: 'ok' } };
  }
};

const [out, dataRoot, trials, resume] = process.argv.slice(2);
try {
  await generate(new OutputFolder(out!), {
    family: 'mlp',
    preset: 'quick',
    overrides: {
      datasets: ['CIFAR100'],
      batchSizes: [2],
      workers: [1],
      storageModes: ['NVME'],
      depth: 1,
      embedDims: [16],
      learningRates: Array.from({ length: Number(trials) }, (_, index) => (index + 1) / 1000),
    },
    dataRoot: dataRoot!,
    // Its hardware columns come from the catalogue: the CPU's would be measured.
    device: { ...cpuDevice, name: 'NVIDIA L4' },
    seed: 42,
    signal: new AbortController().signal,
    resume: resume === '--resume',
    measurer,
  });
} catch (error) {
  if (!(error instanceof OrionError)) throw error;
  process.stderr.write(error.message);
  process.exitCode = error.exitCode;
}
