// Gradient boosting, fit and prediction: ours against XGBoost from Debian's packages.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cases } from './boosting/cases.mjs';
import { alternatingPairs, summarisePairs } from './lib/pairs.mjs';
import { requirePython } from './lib/python.mjs';
import { Resident } from './lib/resident.mjs';

export const summary =
  'Gradient boosting, fit and prediction: ours against XGBoost, with the error of both on held-out rows.';
export const caseNames = Object.keys(cases);
export const options = {
  shared: { type: 'string', help: 'folder that holds parity/ and data/ with records (default: beside the checkout)' },
  trees: { type: 'string', help: 'another number of trees for all cases' },
};

const root = fileURLToPath(new URL('../..', import.meta.url));

export async function prepare({ pairs, values }) {
  const { python, versions } = requirePython('xgboost', 'numpy');
  const sharedFolder = values.shared ?? path.join(root, '..', 'shared');
  return {
    machine: { peer_versions: versions },
    measure: (name) => measureCase(name, { pairs, python, sharedFolder, trees: values.trees && Number(values.trees) }),
  };
}

async function measureCase(name, { pairs, python, sharedFolder, trees }) {
  const { rowsOf, parameters, threads, mostPairs, measures } = cases[name];
  const script = (file) => fileURLToPath(new URL(`./boosting/${file}`, import.meta.url));
  const folder = mkdtempSync(path.join(os.tmpdir(), 'orion-bench-boosting-'));
  const sides = [new Resident(process.execPath, [script('engine.mjs')]), new Resident(python, [script('peer.py')])];
  const [ours, peer] = sides;
  try {
    const folds = await rowsOf(folder, sharedFolder);
    const openFold = async ({ train, test }) => {
      const job = {
        train: train.files,
        test: test.files,
        threads,
        parameters: { ...parameters, ...(trees && { n_estimators: trees }) },
      };
      for (const side of sides) await side.ask({ open: job });
    };
    const [{ train, test }] = folds;
    await openFold(folds[0]);
    if (measures === 'predict') for (const side of sides) await side.ask({ fit: true });
    const time = (side) => async () => (await side.ask({ [measures]: true })).ms;
    const samples = await alternatingPairs(Math.min(pairs, mostPairs), time(ours), time(peer));
    const [ourRmse, peerRmse] = await errorsOverFolds(sides, folds, openFold);
    const summarised = summarisePairs(samples, 'ms');
    const rate = (ms) => (measures === 'predict' ? { rows_per_second: (1000 * test.targets.length) / ms } : {});
    return {
      ...summarised,
      threads,
      rmse_ratio: ourRmse / peerRmse,
      rmse: { ours: ourRmse, peer: peerRmse },
      ...rate(summarised.ours),
      rows: { train: train.targets.length, test: test.targets.length },
      parameters,
      ...(trees && { trees }),
      held_out_folds: folds.length,
      columns: [
        ['rmse ratio', (ourRmse / peerRmse).toFixed(4)],
        ['rows/s', measures === 'predict' ? rate(summarised.ours).rows_per_second.toFixed(0) : '-'],
      ],
    };
  } finally {
    await Promise.all(sides.map((side) => side.end()));
    rmSync(folder, { recursive: true });
  }
}

/** Each side's root mean squared error over the held-out rows of all folds; both have fitted the first one. */
async function errorsOverFolds(sides, folds, openFold) {
  const squares = sides.map(() => []);
  for (const [index, fold] of folds.entries()) {
    if (index > 0) await openFold(fold);
    for (const [place, side] of sides.entries()) {
      if (index > 0) await side.ask({ fit: true });
      const { predictions } = await side.ask({ predictions: true });
      for (const [row, each] of predictions.entries()) squares[place].push((each - fold.test.targets[row]) ** 2);
    }
  }
  return squares.map((each) => Math.sqrt(each.reduce((sum, square) => sum + square, 0) / each.length));
}
