import { columnsOf, type Family, type Row } from '../base/columns.js';
import type { OnNote, OnProgress } from '../base/progress.js';
import { cpuCapOf } from '../measure/cpu-cap.js';
import { measureTrials } from '../measure/run-trials.js';
import { planTrials, type TrialOptions } from '../measure/trial/plan.js';
import type { PhaseChoice, Protocol, TrialDevice } from '../measure/trial/settings.js';
import { windowIterations } from '../measure/trial/sweeps.js';
import { describeTrial, type Trial } from '../measure/trial/trial.js';
import { findCard, readCatalogue } from '../records/catalogue.js';
import { joinHardware } from '../records/hardware.js';
import { Journal } from '../records/journal.js';
import { writeRecords } from '../records/write.js';
import { cpuHardware } from './cpu-hardware.js';
import { chooseDevice } from './device.js';
import { type EmulationOptions, emulationOf } from './emulation.js';
import type { OutputFolder } from './output-folder.js';
import type { PresetName } from './presets.js';
import { recordsFileName } from './records-files.js';

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
  signal: AbortSignal;
  onProgress?: OnProgress | undefined;
  onNote?: OnNote | undefined;
}

export interface GenerateSummary {
  family: Family;
  device: TrialDevice;
  counts: { ok: number; failed: number; skipped: number; resumed: number };
  interrupted: boolean;
  /** The records file. */
  file: string;
  rows: Row[];
}

/**
 * Runs a family's trials, appending each to `trials.jsonl` when it ends, and derives the records file from the journal
 * after every trial: nothing that was measured is lost.
 */
export async function generate(out: OutputFolder, options: GenerateOptions): Promise<GenerateSummary> {
  const { family, signal, onProgress, onNote } = options;
  const emulation = options.emulate && (await emulationOf(options.emulate));
  const device = emulation?.device ?? (await deviceOf(options));
  const cpuCap = cpuCapOf(options.cpuCap);
  const context = { provider: device.provider, gpuName: device.name, cpuCap };
  const planned = planTrials(family, options.preset, { ...options.overrides, seed: options.seed }, context);
  const trials = emulation?.emulated(planned) ?? planned;
  const hardware = new Map(device.name === 'CPU' && !emulation ? [['CPU', await cpuHardware(out)]] : []);
  const catalogue = readCatalogue();
  const hardwareKnown = hardware.has(device.name) || findCard(catalogue, device.name) !== undefined;
  // An accelerator that is given by its step alone has no other facts.
  if (!hardwareKnown && !(options.emulate && 'stepMs' in options.emulate)) {
    onNote?.(
      `${device.name} is not in the GPU catalogue: its hardware columns stay empty; fill them in before 'rmse'.`,
    );
  }
  const records = new FamilyRecords(out, family, device);
  const journal = await Journal.open(out.file('trials.jsonl'));
  try {
    const remaining = options.resume ? trials.filter(({ id }) => !journal.finishedIds.has(id)) : trials;
    const counts = { ok: 0, failed: 0, skipped: 0, resumed: trials.length - remaining.length };
    const progress = (done: number, detail: string) =>
      onProgress?.({ stage: `${family} trials`, done, total: remaining.length, detail });
    let done = 0;
    if (remaining.length > 0) progress(0, describeTrial(remaining[0]!));
    const protocol = options.protocol ?? 'steady';
    const settings = {
      dataRoot: options.dataRoot,
      device,
      cpuCap,
      protocol,
      warmup: options.warmup,
      phases: options.phases,
      measure: options.measure ?? (protocol === 'steady' ? windowIterations[options.preset] : undefined),
      signal,
    };
    for await (const outcome of measureTrials(remaining, settings)) {
      const row = hardwareKnown ? joinHardware([outcome.row], catalogue, hardware)[0]! : outcome.row;
      await journal.append({ record_id: outcome.trial.id, family, row, samples: { ...outcome.samples } });
      await records.write(journal);
      counts[outcome.status]++;
      progress(++done, describeOutcome(outcome.trial, row));
    }
    await records.write(journal);
    return {
      family,
      device,
      counts,
      interrupted: signal.aborted && done < remaining.length,
      file: records.file,
      rows: records.rowsOf(journal, new Set(trials.map(({ id }) => id))),
    };
  } finally {
    await journal.close();
  }
}

function deviceOf({ device, onNote }: GenerateOptions): TrialDevice | Promise<TrialDevice> {
  return typeof device === 'object' ? device : chooseDevice(device, onNote);
}

/** The CSV of one family on one device, derived from the journal. */
class FamilyRecords {
  readonly file: string;
  readonly #family: Family;
  readonly #device: TrialDevice;
  readonly #columns: string[];

  constructor(out: OutputFolder, family: Family, device: TrialDevice) {
    this.file = out.file(recordsFileName(family, device));
    this.#family = family;
    this.#device = device;
    this.#columns = columnsOf(family).map(({ name }) => name);
  }

  rowsOf(journal: Journal, ids?: ReadonlySet<string>): Row[] {
    return journal
      .rowsOf(this.#family)
      .filter((row) => row.gpu_name === this.#device.name && (row.timing === 'emulated') === !!this.#device.emulated)
      .filter((row) => !ids || ids.has(String(row.record_id)));
  }

  async write(journal: Journal): Promise<void> {
    await writeRecords(this.file, this.#columns, this.rowsOf(journal));
  }
}

function describeOutcome(trial: Trial, row: Row): string {
  const what = describeTrial(trial);
  if (row.status !== 'ok') return `${what}: ${row.status} (${row.reason})`;
  const ms = (column: string) => Number(row[column]).toPrecision(3);
  return `${what}: ${ms('avg_batch_time_ms')} ms (compute ${ms('T_gpu_ms')}, wait ${ms('T_cpu_io_ms')}), bottleneck ${row.bottleneck}`;
}
