// Repeatability of the step timer: each network's default graph is timed twice, each time in a session of its own.
import { quantile } from '../../dist/base/statistics.js';
import { measureStep } from '../../dist/measure/step.js';
import { defaultConfig } from '../../dist/networks/defaults.js';
import { networks } from '../../dist/networks/index.js';
import { notesOnOthers } from './lib/others.mjs';
import { summarisePairs } from './lib/pairs.mjs';

export const summary = "Median step time of each network's default graph in two runs of the step timer, on the CPU.";
export const sides = ['second', 'first'];
export const defaults = { pairs: '1' };
export const options = {};
export const caseNames = Object.keys(networks);

const learningRate = 1e-5;

export async function prepare({ pairs, threads }) {
  return { machine: {}, measure: (name) => measureCase(name, pairs, threads), conclude };
}

async function measureCase(name, pairs, threads) {
  const session = { config: { ...defaultConfig(name), provider: 'cpu' }, deviceId: 0, threads };
  const runs = [];
  for (let run = 0; run < 2 * pairs; run++) runs.push(await measureStep(session, { learningRate }));
  const side = (parity) => runs.filter((_, run) => run % 2 === parity).map(({ stepMs }) => stepMs);
  const timing = summarisePairs({ ours: side(1), peer: side(0) }, 'ms');
  const [{ interval95Ms, pairs: steps, noisyPairs }] = runs;
  return {
    ...timing,
    difference: Math.abs(timing.ratio - 1),
    runs,
    notes: notesOnOthers(...runs.map(({ foreignCpuCores }) => foreignCpuCores)),
    columns: [
      ['difference', percent(Math.abs(timing.ratio - 1))],
      ['interval', interval95Ms ? interval95Ms.map((ms) => ms.toFixed(1)).join(' - ') : '-'],
      ['noisy', `${noisyPairs} of ${steps.length}`],
    ],
  };
}

function conclude(cases) {
  const differences = cases.map(({ difference }) => difference);
  const median = quantile(differences, 0.5);
  return {
    median_difference: median,
    text: `median over ${cases.length} networks: ${percent(median)} apart; most: ${percent(Math.max(...differences))}`,
  };
}

const percent = (share) => `${(100 * share).toFixed(2)} %`;
