// Integrated truth: a trial's mean iteration time against what its parts, measured on their own, say that it must be.
import { requirePositiveInteger } from '../../dist/base/checks.js';
import { InputError } from '../../dist/base/errors.js';
import { cpuCapOf } from '../../dist/measure/cpu-cap.js';
import { planTrials } from '../../dist/measure/trial/plan.js';
import { cpuDevice } from '../../dist/measure/trial/settings.js';
import { emulationOf } from '../../dist/pipeline/emulation.js';
import { notesOnOthers } from './lib/others.mjs';
import { summarisePairs } from './lib/pairs.mjs';
import { runTrials, temporaryData, trialOptions } from './lib/trials.mjs';

export const summary =
  'Mean iteration time of trials from device-bound to loader-bound, measured, against max(T_compute, T_prep / workers) + overheads.';
export const sides = ['measured', 'predicted'];
export const defaults = { pairs: '1' };
export const options = trialOptions;

/**
 * Small JPEG files in batches of 256 feed accelerators whose steps last from a fraction of the loader's time to a multiple.
 * An emulated accelerator leaves the CPUs to the loader; the real steps at the end compete with it for them.
 */
const emulated = (stepMs, workers, storage) => ({ stepMs, batchSize: 256, workers, storage });
const real = (dataset, batchSize, chosen) => ({
  model: 'resmlp',
  dataset,
  batchSize,
  ...chosen,
  workers: 1,
  storage: 'cached',
});
const cases = {
  'emulated-3ms-1-cached': emulated(3, 1, 'cached'),
  'emulated-3ms-2-cached': emulated(3, 2, 'cached'),
  'emulated-10ms-1-cached': emulated(10, 1, 'cached'),
  'emulated-10ms-2-cached': emulated(10, 2, 'cached'),
  'emulated-20ms-1-cached': emulated(20, 1, 'cached'),
  'emulated-60ms-2-cached': emulated(60, 2, 'cached'),
  'emulated-3ms-1-cold': emulated(3, 1, 'cold'),
  'emulated-3ms-2-cold': emulated(3, 2, 'cold'),
  'emulated-60ms-2-cold': emulated(60, 2, 'cold'),
  'resmlp-CIFAR100-1': real('CIFAR100', 16, { embedDim: 128 }),
  'resmlp-TinyImageNet-1': real('TinyImageNet', 32, { embedDim: 128 }),
  'resmlp-tiny-TinyImageNet-1': real('TinyImageNet', 256, { embedDim: 16, depth: 1 }),
};
export const caseNames = Object.keys(cases);

export async function prepare({ pairs, threads, values }) {
  const cpuCap = cpuCapOf(threads);
  if (cpuCap < 2) throw new InputError('Two loader workers need two CPUs: --threads 2 or more.');
  const dataRoot = await temporaryData(values['data-folder'], ['TinyImageNet', 'CIFAR100'], 4096);
  const tries = requirePositiveInteger(Number(values.tries), '--tries');
  const settings = { dataRoot, cpuCap, protocol: 'steady', phases: 'all' };
  return { machine: {}, measure: (name) => measureCase(cases[name], settings, pairs, tries), conclude };
}

async function measureCase(chosen, settings, runs, tries) {
  const { cpuCap } = settings;
  const { device, trial } = await trialOf(chosen, cpuCap);
  const samples = { ours: [], peer: [] };
  const parts = [];
  const foreign = [];
  for (let run = 0; run < runs; run++) {
    const { outcome, foreignCores } = (await runTrials([trial], { ...settings, device }, tries)).get(trial.id);
    const { row, phases } = outcome;
    const predicted = predict(row, phases, cpuCap);
    samples.ours.push(row.avg_batch_time_ms);
    samples.peer.push(predicted.ms);
    parts.push({ ...predicted, ci95_batch_ms: row.ci95_batch_ms, steady_state: row.steady_state });
    foreign.push(foreignCores);
  }
  const timing = summarisePairs(samples, 'ms');
  const [{ compute_ms, loader_ms, cpu_ms, overhead_ms, limit }] = parts;
  return {
    ...timing,
    difference: timing.ratio - 1,
    parts,
    foreign_cpu_cores: foreign,
    notes: notesOnOthers(...foreign),
    columns: [
      ['difference', percent(timing.ratio - 1)],
      ['compute', compute_ms.toFixed(2)],
      ['loader', loader_ms.toFixed(2)],
      ['CPU', cpu_ms === null ? '-' : cpu_ms.toFixed(2)],
      ['overhead', overhead_ms.toFixed(2)],
      ['limit', limit],
    ],
  };
}

/**
 * The longest of: a step alone; a batch of the loader alone, all workers together; and, where the step is computed on the
 * CPUs that also load, the CPU time of both over the number of CPUs, which no schedule can beat. To it is added the
 * hand-over, which nothing hides.
 */
function predict(row, { computeAlone, cached, cold }, cpus) {
  const loader = row.storage === 'cold' ? cold : cached;
  const cpuMs = row.timing === 'emulated' ? null : (computeAlone.cpuMs + loader.cpuMs) / cpus;
  const limits = { compute: computeAlone.batchMs, loader: loader.batchMs, CPU: cpuMs ?? 0 };
  const [limit, limitMs] = Object.entries(limits).reduce((longest, one) => (one[1] > longest[1] ? one : longest));
  return {
    ms: limitMs + row.h2d_ms,
    compute_ms: limits.compute,
    loader_ms: limits.loader,
    cpu_ms: cpuMs,
    overhead_ms: row.h2d_ms,
    limit,
  };
}

async function trialOf(
  { stepMs, model = 'resnet50', dataset = 'TinyImageNet', batchSize, workers, storage, embedDim, depth },
  cpuCap,
) {
  const emulation = stepMs === undefined ? null : await emulationOf({ stepMs });
  const device = emulation?.device ?? cpuDevice;
  const options = {
    models: [model],
    datasets: [dataset],
    batchSizes: [batchSize],
    learningRates: [1e-3],
    workers: [workers],
    storageModes: [storage],
    precisions: [32],
    limit: 1,
    ...(embedDim && { embedDims: [embedDim] }),
    ...(depth && { depth }),
  };
  const family = model === 'resnet50' ? 'cnn' : 'mlp';
  const planned = planTrials(family, 'quick', options, { provider: device.provider, gpuName: device.name, cpuCap });
  return { device, trial: (emulation?.emulated(planned) ?? planned)[0] };
}

function conclude(done) {
  const within = done.filter(({ difference }) => Math.abs(difference) <= 0.1).length;
  const largest = Math.max(...done.map(({ difference }) => Math.abs(difference)));
  const text = `${within} of ${done.length} trials within 10 % of the prediction; the largest difference is ${percent(largest)}`;
  return { within_10_percent: within, largest_difference: largest, text };
}

const percent = (share) => `${(100 * share).toFixed(1)} %`;
