// Prediction of a large file of records, against the time that it is meant to take at most.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { requirePositiveInteger } from '../../dist/base/checks.js';
import { MissingDeviceError } from '../../dist/base/errors.js';
import { fit } from '../../dist/pipeline/fit.js';
import { summarisePairs } from './lib/pairs.mjs';
import { writeLargeFile } from './predict/records.mjs';

export const summary =
  'Records of a published file over and over with other batch sizes, predicted by `predict --csv` with a predictor fitted ' +
  'to that file. The peer is a limit: 10 s for a million rows.';
export const sides = ['ours', 'limit'];
export const defaults = { pairs: '3' };
export const options = {
  shared: { type: 'string', help: 'folder that holds data/ with the published files (default: beside the checkout)' },
  rows: { type: 'string', default: '1000000', help: 'records of the file' },
};

const sources = { cnn: 'CNN_profet.csv', transformer: 'Transformer_neusight.csv' };
export const caseNames = Object.keys(sources);

const limitMsPerRow = 10_000 / 1e6;
const root = fileURLToPath(new URL('../..', import.meta.url));
const script = fileURLToPath(new URL('./predict/once.mjs', import.meta.url));

export async function prepare({ pairs, values }) {
  const rows = requirePositiveInteger(Number(values.rows), '--rows');
  const data = path.join(values.shared ?? path.join(root, '..', 'shared'), 'data');
  if (!existsSync(data))
    throw new MissingDeviceError(`${data} is not there: name the folder that holds data/ with --shared.`);
  return { machine: { rows }, measure: (name) => measureCase(path.join(data, sources[name]), rows, pairs) };
}

async function measureCase(source, rows, runs) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'orion-bench-predict-'));
  const [modelFile, csv, out] = ['model.json', 'rows.csv', 'out'].map((name) => path.join(folder, name));
  try {
    await fit({ files: [source], recipe: 'hybrid', modelFile });
    await writeLargeFile(source, csv, rows);
    const answers = Array.from({ length: runs }, () =>
      JSON.parse(execFileSync(process.execPath, [script, modelFile, csv, out], { encoding: 'utf8' })),
    );
    const ours = answers.map(({ ms }) => ms);
    const timing = summarisePairs({ ours, peer: ours.map(() => limitMsPerRow * rows) }, 'ms');
    const peakBytes = Math.max(...answers.map((answer) => answer.peakBytes));
    return {
      ...timing,
      rows,
      rows_per_second: (1000 * rows) / timing.ours,
      peak_bytes: peakBytes,
      columns: [
        ['rows/s', ((1000 * rows) / timing.ours).toFixed(0)],
        ['peak MB', (peakBytes / 1e6).toFixed(0)],
      ],
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
