import type { Family, Row } from '../base/columns.js';
import { InputError, OrionError } from '../base/errors.js';
import type { OnNote, OnProgress } from '../base/progress.js';
import { requireDataset } from '../data/open.js';
import { cpuCapOf } from '../measure/cpu-cap.js';
import { measureTrials } from '../measure/run-trials.js';
import { planTrials, type TrialOptions } from '../measure/trial/plan.js';
import type { PhaseChoice, Protocol, TrialDevice, TrialSettings } from '../measure/trial/settings.js';
import { windowIterations } from '../measure/trial/sweeps.js';
import type { Trial } from '../measure/trial/trial.js';
import { Journal } from '../records/journal.js';
import { chooseDevice } from './device.js';
import { hardwareOf } from './device-hardware.js';
import { type EmulationOptions, emulationOf } from './emulation.js';
import { FamilyRecords } from './family-records.js';
import type { OutputFolder } from './output-folder.js';
import type { PresetName } from './presets.js';
import { recordTrials, type TrialCounts } from './record-trials.js';

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Values that replace those of the preset. */
export type TrialOverrides = Writable<Omit<TrialOptions, 'seed'>>;

export interface GenerateOptions {
  family: Family;
  preset: PresetName;
  overrides: TrialOverrides;
  dataRoot: string;
  /** cpu, cuda[:N] or webgpu, or a device chosen before; chosen where absent. */
  device?: string | TrialDevice | undefined;
  /** An accelerator in place of a device. */
  emulate?: EmulationOptions | undefined;
  /** CPUs for the process, its workers and ONNX Runtime; all that are allowed where absent. */
  cpuCap?: number | undefined;
  /** Iterations before and in the window; the protocol's where absent. */
  warmup?: number | undefined;
  measure?: number | undefined;
  protocol?: Protocol | undefined;
  /** Compute, preparation and fetch on their own too; the protocol's choice where absent. */
  phases?: PhaseChoice | undefined;
  seed: number;
  /** Skip trials that the journal has. */
  resume?: boolean | undefined;
  /** Ends the sweep after the trial that runs. */
  signal: AbortSignal;
  onProgress?: OnProgress | undefined;
  onNote?: OnNote | undefined;
  /** What measures the trials, one after the other: this machine unless given. */
  measurer?: typeof measureTrials | undefined;
}

export interface GenerateSummary {
  family: Family;
  device: TrialDevice;
  /** `resumed`: kept from earlier. */
  counts: TrialCounts & { resumed: number };
  interrupted: boolean;
  /** The records file. */
  file: string;
  rows: Row[];
}

/**
 * Runs a family's trials; each is in `trials.jsonl` and in the records file when the next one begins. Throws InputError
 * before the first trial where these cannot be written or another process writes them.
 */
export async function generate(out: OutputFolder, options: GenerateOptions): Promise<GenerateSummary> {
  const { family, signal, onProgress, onNote, measurer = measureTrials } = options;
  const emulation = options.emulate && (await emulationOf(options.emulate));
  const device = emulation?.device ?? (await deviceOf(options));
  const settings = settingsOf(options, device);
  const context = { provider: device.provider, gpuName: device.name, cpuCap: settings.cpuCap };
  const planned = planTrials(family, options.preset, { ...options.overrides, seed: options.seed }, context);
  const trials = emulation?.emulated(planned) ?? planned;
  for (const name of new Set(trials.map(({ dataset }) => dataset))) requireDataset(options.dataRoot, name);
  const journal = await Journal.open(out.file('trials.jsonl'));
  try {
    const records = new FamilyRecords(out, family, device, journal);
    await records.begin();
    const kept = keptIds(trials, journal, options);
    const remaining = trials.filter(({ id }) => !kept.has(id));
    // An accelerator that is given by its step alone has no other facts.
    const hasFacts = !(options.emulate && 'stepMs' in options.emulate);
    const complete = await hardwareOf(device, out, records.rows(), hasFacts ? onNote : undefined);
    const outcomes = measurer(remaining, settings);
    const counts = await recordTrials({
      family,
      journal,
      records,
      trials: remaining,
      kept: kept.size,
      outcomes,
      complete,
      onProgress,
    });
    const measured = counts.ok + counts.failed + counts.skipped;
    return {
      family,
      device,
      counts: { ...counts, resumed: kept.size },
      interrupted: signal.aborted && measured < remaining.length,
      file: records.file,
      rows: records.rows(new Set(trials.map(({ id }) => id))),
    };
  } catch (error) {
    throw withRemedy(error, journal);
  } finally {
    await journal.close();
  }
}

function deviceOf({ device, onNote }: GenerateOptions): TrialDevice | Promise<TrialDevice> {
  return typeof device === 'object' ? device : chooseDevice(device, onNote);
}

function settingsOf(options: GenerateOptions, device: TrialDevice): TrialSettings {
  const { dataRoot, warmup, measure, protocol = 'steady', phases, preset, signal } = options;
  return {
    dataRoot,
    device,
    cpuCap: cpuCapOf(options.cpuCap),
    protocol,
    warmup,
    measure: measure ?? (protocol === 'steady' ? windowIterations[preset] : undefined),
    phases,
    signal,
  };
}

/** Ids of the trials that need not be measured; the user is told what the journal means for this sweep. */
function keptIds(trials: readonly Trial[], journal: Journal, { resume, onNote }: GenerateOptions): Set<string> {
  const { damagedLines, lockProblem, finishedIds, file } = journal;
  if (lockProblem !== null) {
    onNote?.(`${file} cannot be locked (${lockProblem}): see to it that no other process adds trials to it.`);
  }
  if (damagedLines.length > 0) {
    onNote?.(`${file} is damaged in line ${damagedLines.join(', ')}: what was measured there is measured again.`);
  }
  const finished = new Set(trials.map(({ id }) => id).filter((id) => finishedIds.has(id)));
  if (resume || finished.size === 0) return finished;
  onNote?.(`${finished.size} of these trials are in ${file} and are measured again; 'generate --resume' keeps them.`);
  return new Set();
}

/** A disk that is full, say, ends the sweep: the sentence then says how it goes on. */
function withRemedy(error: unknown, { file, entries }: Journal): unknown {
  if (!(error instanceof OrionError) || error.code !== 'IO' || entries.length === 0) return error;
  const kept = entries.length === 1 ? '1 trial' : `${entries.length} trials`;
  const sentence = `${error.message.replace(/\.$/, '')}; ${file} keeps ${kept}, and 'generate --resume' goes on from there.`;
  return new InputError(sentence, { code: 'IO', cause: error });
}
