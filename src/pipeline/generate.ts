import { columnsOf, type Family, type Row } from '../base/columns.js';
import type { OnNote, OnProgress } from '../base/progress.js';
import { cpuCapOf } from '../measure/cpu-cap.js';
import { measureTrials } from '../measure/run-trials.js';
import { planTrials, type TrialOptions } from '../measure/trial/plan.js';
import type { Protocol, TrialDevice } from '../measure/trial/settings.js';
import { windowIterations } from '../measure/trial/sweeps.js';
import { describeTrial, type Trial } from '../measure/trial/trial.js';
import { findCard, readCatalogue } from '../records/catalogue.js';
import { joinHardware } from '../records/hardware.js';
import { Journal } from '../records/journal.js';
import { writeRecords } from '../records/write.js';
import { cpuHardware } from './cpu-hardware.js';
import { chooseDevice } from './device.js';
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
  /** CPUs for the process, its workers and ONNX Runtime; all that are allowed where absent. */
  cpuCap?: number | undefined;
  /** Iterations before and in the window; the protocol's where absent. */
  warmup?: number | undefined;
  measure?: number | undefined;
  protocol?: Protocol | undefined;
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
  const device = typeof options.device === 'object' ? options.device : await chooseDevice(options.device, onNote);
  const cpuCap = cpuCapOf(options.cpuCap);
  const context = { provider: device.provider, gpuName: device.name, cpuCap };
  const trials = planTrials(family, options.preset, { ...options.overrides, seed: options.seed }, context);
  const hardware = new Map(device.name === 'CPU' ? [['CPU', await cpuHardware(out)]] : []);
  const catalogue = readCatalogue();
  const hardwareKnown = hardware.has(device.name) || findCard(catalogue, device.name) !== undefined;
  if (!hardwareKnown) {
    onNote?.(
      `${device.name} is not in the GPU catalogue: its hardware columns stay empty; fill them in before 'rmse'.`,
    );
  }
  const records = new FamilyRecords(out, family, device.name);
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

/** The CSV of one family on one device, derived from the journal. */
class FamilyRecords {
  readonly file: string;
  readonly #family: Family;
  readonly #deviceName: string;
  readonly #columns: string[];

  constructor(out: OutputFolder, family: Family, deviceName: string) {
    this.file = out.file(recordsFileName(family, deviceName));
    this.#family = family;
    this.#deviceName = deviceName;
    this.#columns = columnsOf(family).map(({ name }) => name);
  }

  rowsOf(journal: Journal, ids?: ReadonlySet<string>): Row[] {
    return journal
      .rowsOf(this.#family)
      .filter((row) => row.gpu_name === this.#deviceName && (!ids || ids.has(String(row.record_id))));
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
