import { families } from '../base/columns.js';
import { InterruptedError, MissingDeviceError } from '../base/errors.js';
import type { OnNote, OnProgress } from '../base/progress.js';
import { directReadProblem } from '../measure/direct-read.js';
import { checkData, prepareData } from './data.js';
import { figureFormats } from './defaults.js';
import { chooseDevice } from './device.js';
import { doctor } from './doctor.js';
import { drawFigures } from './figures.js';
import { type GenerateSummary, generate } from './generate.js';
import { gpu, hasFailed } from './gpu.js';
import { host } from './host.js';
import type { OutputFolder } from './output-folder.js';
import { type PresetName, presets } from './presets.js';
import { recordsFilesOf } from './records-files.js';
import { writeReport } from './report.js';
import { rmse } from './rmse.js';
import { storage, storageSuite, wholeFiles } from './storage.js';

export interface RunOptions {
  preset: PresetName;
  dataRoot: string;
  seed: number;
  signal: AbortSignal;
  onProgress?: OnProgress | undefined;
  onNote?: OnNote | undefined;
}

export interface RunSummary {
  families: GenerateSummary[];
  /** Stages that this machine cannot do, with the reason. */
  waived: { stage: string; reason: string }[];
  figures: string[];
  report: string;
}

/** The whole pipeline on this machine: host, GPU, storage, the three families, evaluation, figures, report. */
export async function run(out: OutputFolder, options: RunOptions): Promise<RunSummary> {
  const { dataRoot, seed, signal, onProgress, onNote } = options;
  const preset = presets[options.preset];
  const summary: RunSummary = { families: [], waived: [], figures: [], report: '' };

  /** What this machine lacks is waived and said; everything else that goes wrong ends the run. */
  const stage = async (name: string, work: () => Promise<unknown>): Promise<void> => {
    if (signal.aborted) throw new InterruptedError();
    onProgress?.({ stage: name });
    try {
      await work();
    } catch (error) {
      if (!(error instanceof MissingDeviceError)) throw error;
      summary.waived.push({ stage: name, reason: error.message });
      onNote?.(`${name} is left out: ${error.message}`);
    }
  };

  await stage('data', () => prepareMissingData(preset.syntheticSamples, options));
  await stage('doctor', () => doctor(out, dataRoot));
  await stage('host', () => host(out, preset.hostMs, onProgress));
  await stage('gpu', () => measureGpu(out, preset.gpuMs, options));
  await stage('storage', () => measureStorage(out, preset.storageMs, options));
  const device = await chooseDevice(undefined, onNote);
  for (const family of families) {
    await stage(`${family} trials`, async () => {
      summary.families.push(
        await generate(out, {
          family,
          preset: options.preset,
          overrides: {},
          device,
          dataRoot,
          seed,
          signal,
          onProgress,
          onNote,
        }),
      );
    });
  }
  if (signal.aborted) throw new InterruptedError();
  for (const family of families) {
    await stage(`rmse ${family}`, () =>
      rmse(out, { family, files: recordsFilesOf(family, out), folds: 5, seed: 42, signal, onProgress, onNote }),
    );
  }
  await stage('figures', async () => {
    const drawn = await drawFigures(out, out, figureFormats, onProgress);
    summary.figures = drawn.figures.map((figure) => figure.name);
    for (const { name, reason } of drawn.leftOut) onNote?.(`figure ${name} is left out: ${reason}`);
  });
  await stage('report', async () => {
    summary.report = (await writeReport(out)).file;
  });
  return summary;
}

/** Data sets that are not there are made synthetically, and the user is told; what is there is left as it is. */
async function prepareMissingData(samples: number, { dataRoot, seed, onProgress, onNote }: RunOptions): Promise<void> {
  const missing = checkData(dataRoot)
    .filter(({ state }) => state === 'missing')
    .map(({ dataset }) => dataset);
  if (missing.length === 0) return;
  onNote?.(`Not under ${dataRoot}: ${missing.join(', ')}. Small synthetic ones are made; records and figures say so.`);
  await prepareData({ dataRoot, datasets: missing, samples, seed, onProgress });
}

/** The suite of the preset's name on the first device; cases that fail are in the results, and are told. */
async function measureGpu(
  out: OutputFolder,
  maximumMs: number,
  { preset, onProgress, onNote }: RunOptions,
): Promise<void> {
  const { gpus } = await gpu(out, { device: 0, choice: preset, maximumMs, onProgress });
  const failed = gpus.flatMap(({ measurements }) => measurements.filter(hasFailed)).map(({ name }) => name);
  if (failed.length > 0) onNote?.(`GPU cases that failed (${out.file('gpu.csv')} says why): ${failed.join(', ')}`);
}

/** The data sets' own files, and the suite on a scratch file in the results folder. */
async function measureStorage(
  out: OutputFolder,
  durationMs: number,
  { dataRoot, seed, onProgress, onNote }: RunOptions,
): Promise<void> {
  const problem = directReadProblem(out.path) ?? directReadProblem(dataRoot);
  if (problem !== null) onNote?.(`Storage is read through the page cache, which may serve the bytes: ${problem}`);
  await storage(
    out,
    [
      { target: dataRoot, cases: [wholeFiles] },
      { target: out.path, cases: storageSuite },
    ],
    { engine: 'auto', direct: problem === null, durationMs, seed, onProgress },
  );
}
