// The evaluation of one family, K-fold and leave one GPU out: ours against scikit-learn and XGBoost from Debian's packages.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeMatrices } from './evaluate/matrices.mjs';
import { alternatingPairs, summarisePairs } from './lib/pairs.mjs';
import { requirePython } from './lib/python.mjs';
import { Resident } from './lib/resident.mjs';

export const summary =
  'The whole K-fold and leave-one-GPU-out evaluation of one family with the published parameters. Ours goes from the ' +
  'records file to the tables with their intervals; Python is handed the feature matrices and makes the RMSE tables.';
export const defaults = { pairs: '3' };
export const options = {
  shared: { type: 'string', help: 'folder that holds parity/ with records (default: beside the checkout)' },
  trees: { type: 'string', help: 'another number of trees' },
};

const families = { CNN: 'cnn', MLP: 'mlp', Transformer: 'transformer' };
export const caseNames = Object.keys(families);

const root = fileURLToPath(new URL('../..', import.meta.url));

export async function prepare({ pairs, threads, values }) {
  const { python, versions } = requirePython('xgboost', 'sklearn', 'pandas', 'numpy');
  const sharedFolder = values.shared ?? path.join(root, '..', 'shared');
  const trees = Number(values.trees ?? 800);
  return {
    machine: { peer_versions: versions },
    measure: (name) => measureCase(name, { pairs, threads, trees, python, sharedFolder }),
  };
}

async function measureCase(name, { pairs, threads, trees, python, sharedFolder }) {
  const script = (file) => fileURLToPath(new URL(`./evaluate/${file}`, import.meta.url));
  const folder = mkdtempSync(path.join(os.tmpdir(), 'orion-bench-evaluate-'));
  const sides = [new Resident(process.execPath, [script('ours.mjs')]), new Resident(python, [script('peer.py')])];
  const [ours, peer] = sides;
  try {
    const family = families[name];
    const file = path.join(sharedFolder, 'parity', `${name}.csv`);
    const matrices = await writeMatrices(folder, file, family);
    await ours.ask({ open: { file, family, threads, trees } });
    await peer.ask({ open: { ...matrices, threads, trees } });
    const answers = {};
    const time = (side, key) => async () => {
      answers[key] = await side.ask({ evaluate: true });
      return answers[key].ms;
    };
    const samples = await alternatingPairs(pairs, time(ours, 'ours'), time(peer, 'peer'));
    const apart = largestDeviation(answers.ours.rmse, answers.peer.rmse);
    return {
      ...summarisePairs(samples, 'ms'),
      threads,
      trees,
      fits: answers.peer.fits,
      largest_rmse_deviation: apart,
      columns: [
        ['fits', String(answers.peer.fits)],
        ['tables apart', `${(100 * apart).toFixed(3)} %`],
      ],
    };
  } finally {
    await Promise.all(sides.map((side) => side.end()));
    rmSync(folder, { recursive: true });
  }
}

/** Of the RMSE of all groups, relative. */
function largestDeviation(ours, peers) {
  const deviations = Object.entries(peers).map(([group, rmse]) => Math.abs(ours[group] / rmse - 1));
  return Math.max(...deviations.map((each) => (Number.isNaN(each) ? Number.POSITIVE_INFINITY : each)));
}
