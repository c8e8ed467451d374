// Trials of a bench: synthetic data of their own, and whether others used the CPUs meanwhile.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { prepareDatasets } from '../../../dist/data/prepare.js';
import { ForeignCpuMeter, foreignCores } from '../../../dist/measure/foreign-cpu.js';
import { measureTrials } from '../../../dist/measure/run-trials.js';
import { familyCpuMs } from './process-cpu.mjs';

/** A folder with synthetic data sets; it goes when this process does. */
export async function temporaryData(folder, datasets, samples) {
  const dataRoot = mkdtempSync(path.join(folder ?? os.tmpdir(), 'orion-bench-data-'));
  process.once('exit', () => rmSync(dataRoot, { recursive: true, force: true }));
  await prepareDatasets(dataRoot, { datasets, samples });
  return dataRoot;
}

/**
 * Runs trials; `took` gets each outcome and the CPU cores that others kept busy meanwhile. Throws what made one fail.
 */
export async function runTrials(trials, settings, took) {
  const meter = new ForeignCpuMeter(familyCpuMs);
  let before = meter.read();
  for await (const outcome of measureTrials(trials, settings)) {
    if (outcome.status !== 'ok') throw new Error(outcome.reason);
    const now = meter.read();
    took(outcome, foreignCores(before, now));
    before = now;
  }
}
