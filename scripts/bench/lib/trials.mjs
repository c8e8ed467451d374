// Trials of a bench: synthetic data of their own, and whether others used the CPUs meanwhile.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { prepareDatasets } from '../../../dist/data/prepare.js';
import { ForeignCpuMeter, foreignCores } from '../../../dist/measure/foreign-cpu.js';
import { measureTrials } from '../../../dist/measure/run-trials.js';
import { isDisturbance } from './others.mjs';
import { familyCpuMs } from './process-cpu.mjs';

/** A folder with synthetic data sets; it goes when this process does. */
export async function temporaryData(folder, datasets, samples) {
  const dataRoot = mkdtempSync(path.join(folder ?? os.tmpdir(), 'orion-bench-data-'));
  process.once('exit', () => rmSync(dataRoot, { recursive: true, force: true }));
  await prepareDatasets(dataRoot, { datasets, samples });
  return dataRoot;
}

/** Options of a bench of trials. */
export const trialOptions = {
  'data-folder': { type: 'string', help: 'where a folder with data is made (default: the one for temporary files)' },
  tries: {
    type: 'string',
    default: '1',
    help: 'runs of a trial, at most, while other processes use the CPUs meanwhile',
  },
};

/**
 * Runs trials, and those again that others disturbed, `tries` times at most; the least disturbed run of each counts.
 * Throws what made one fail.
 * @returns by trial id { outcome, foreignCores }: the CPU cores that others kept busy meanwhile, null where unknown
 */
export async function runTrials(trials, settings, tries) {
  const runs = new Map();
  for (let left = trials, attempt = 0; left.length > 0 && attempt < tries; attempt++) {
    const meter = new ForeignCpuMeter(familyCpuMs);
    let before = meter.read();
    for await (const outcome of measureTrials(left, settings)) {
      if (outcome.status !== 'ok') throw new Error(outcome.reason);
      const now = meter.read();
      const foreign = foreignCores(before, now);
      const { id } = outcome.trial;
      if (!runs.has(id) || foreign < runs.get(id).foreignCores) runs.set(id, { outcome, foreignCores: foreign });
      before = now;
    }
    left = left.filter(({ id }) => isDisturbance(runs.get(id).foreignCores));
  }
  return runs;
}
