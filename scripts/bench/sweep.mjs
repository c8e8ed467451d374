// Repeatability: the same small sweep twice, on the CPU, and how far the two records of each trial are apart.
import { requirePositiveInteger } from '../../dist/base/checks.js';
import { quantile } from '../../dist/base/statistics.js';
import { cpuCapOf } from '../../dist/measure/cpu-cap.js';
import { planTrials } from '../../dist/measure/trial/plan.js';
import { cpuDevice } from '../../dist/measure/trial/settings.js';
import { notesOnOthers } from './lib/others.mjs';
import { summarisePairs } from './lib/pairs.mjs';
import { runTrials, temporaryData, trialOptions } from './lib/trials.mjs';

export const summary = 'Mean iteration time of the same trials in two sweeps, one after the other, on the CPU.';
export const sides = ['second', 'first'];
export const defaults = { pairs: '1' };
export const options = trialOptions;

/** Two workers and one, ordinary and uncached reads: four trials of each. */
const sweeps = [
  ['cnn', { models: ['mobilenetv2'], datasets: ['CIFAR10'], batchSizes: [8], optimizers: ['SGD'] }],
  ['mlp', { models: ['resmlp'], datasets: ['TinyImageNet'], batchSizes: [16], embedDims: [64], depth: 4 }],
  ['transformer', { models: ['DistilBERT'], datasets: ['SST2'], batchSizes: [4], sequenceLength: 32 }],
];
const nameOf = ({ model, workers, storage }) => `${model}-${workers}-${storage}`;
const plan = (cpuCap) =>
  sweeps.flatMap(([family, chosen]) =>
    planTrials(family, 'quick', { learningRates: [1e-3], workers: [1, 2], ...chosen }, { ...cpuContext, cpuCap }),
  );
const cpuContext = { provider: 'cpu', gpuName: 'CPU' };
export const caseNames = plan(2).map(nameOf);

export async function prepare({ pairs, threads, values }) {
  const cpuCap = cpuCapOf(threads);
  const dataRoot = await temporaryData(values['data-folder'], ['CIFAR10', 'TinyImageNet', 'SST2'], 512);
  const tries = requirePositiveInteger(Number(values.tries), '--tries');
  let measured = null;
  return {
    machine: {},
    measure: async (name) => {
      measured ??= await measureSweeps(dataRoot, cpuCap, pairs, tries);
      return caseOf(measured, name);
    },
    conclude,
  };
}

/** Every sweep is complete before the next one begins, as somebody would repeat it. */
async function measureSweeps(dataRoot, cpuCap, pairs, tries) {
  const settings = { dataRoot, device: cpuDevice, cpuCap, protocol: 'steady', phases: 'none' };
  const trials = plan(cpuCap);
  const runs = [];
  for (let sweep = 0; sweep < 2 * pairs; sweep++) {
    const measured = await runTrials(trials, settings, tries);
    runs.push(new Map([...measured.values()].map((run) => [nameOf(run.outcome.trial), run])));
    process.stderr.write(`sweep ${sweep + 1} of ${2 * pairs} is done\n`);
  }
  return runs;
}

function caseOf(runs, name) {
  const rows = runs.map((run) => run.get(name).outcome.row);
  const foreignCores = runs.map((run) => run.get(name).foreignCores);
  const times = rows.map((row) => row.avg_batch_time_ms);
  const side = (parity) => times.filter((_, sweep) => sweep % 2 === parity);
  const timing = summarisePairs({ ours: side(1), peer: side(0) }, 'ms');
  const difference = quantile(
    timing.samples.ours.map((time, pair) => Math.abs(time / timing.samples.peer[pair] - 1)),
    0.5,
  );
  const first = rows[0];
  return {
    ...timing,
    difference,
    steady_state: rows.map((row) => row.steady_state),
    ci95_batch_ms: rows.map((row) => row.ci95_batch_ms),
    foreign_cpu_cores: foreignCores,
    notes: notesOnOthers(...foreignCores),
    columns: [
      ['difference', percent(difference)],
      ['interval', `± ${percent(first.ci95_batch_ms / first.avg_batch_time_ms)}`],
      ['iterations', `${first.warmup_batches} + ${first.measure_batches}`],
      ['steady', String(rows.every((row) => row.steady_state))],
    ],
  };
}

function conclude(cases) {
  const median = quantile(
    cases.map(({ difference }) => difference),
    0.5,
  );
  return { median_difference: median, text: `median over ${cases.length} trials: ${percent(median)} apart` };
}

const percent = (share) => `${(100 * share).toFixed(2)} %`;
