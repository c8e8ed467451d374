import { columnsOf, hardwareColumns, type Row } from '../../base/columns.js';
import { orionVersion, ortVersion } from '../../base/package.js';
import { cpuModel } from '../../base/provenance.js';
import { diskBytesPerSample, type TrainingSet } from '../../data/training-set.js';
import { workload } from '../../networks/index.js';
import type { TrainingConfig } from '../../networks/types.js';
import type { Window } from '../session/iteration-window.js';
import type { DatasetRates } from './dataset-rates.js';
import { type Phases, phaseColumns } from './phases.js';
import type { TrialDevice } from './settings.js';
import { type TrialSamples, timingColumns } from './timing-columns.js';
import type { Trial } from './trial.js';

export type TrialStatus = 'ok' | 'failed' | 'skipped';

/** What a record is made of. */
export interface TrialFacts {
  trial: Trial;
  set: TrainingSet;
  config: TrainingConfig;
  device: TrialDevice;
  /** null where the trial failed or was skipped. */
  window: Window | null;
  /** null where they were not asked for, or the trial failed or was skipped. */
  phases: Phases | null;
  rates: DatasetRates;
  startedAt: Date;
  /** null where the trial failed or was skipped: its timing columns stay empty. */
  samples: TrialSamples | null;
  status: TrialStatus;
  reason: string | null;
}

/** Columns that the hardware join adds later. */
const joinedLater = new Set([...hardwareColumns, 'hardware_source']);

/** The record of a trial: every column of its family but those of the hardware. */
export function trialRow(facts: TrialFacts): Row {
  const { trial, set, samples } = facts;
  const columns = columnsOf(trial.family).filter(({ name }) => !joinedLater.has(name));
  const workloadColumns = workload(facts.config);
  const values: Row = {
    ...workloadColumns,
    dataset: trial.dataset,
    dataset_size: set.samples,
    learning_rate: trial.learningRate,
    disk_bytes_per_sample: diskBytesPerSample(set),
    ...(samples && timingColumns(samples, trial.workers)),
    ...(facts.phases && phaseColumns(facts.phases)),
    ...(samples && throughputColumns(trial.batchSize, workloadColumns, samples)),
    ...controlColumns(facts),
    ...provenanceColumns(facts),
  };
  return Object.fromEntries(columns.map(({ name }) => [name, values[name] ?? null]));
}

function throughputColumns(batchSize: number, workloadColumns: Row, { loaderMs, computeMs }: TrialSamples): Row {
  const sum = (times: number[]) => times.reduce((total, time) => total + time, 0);
  const seconds = (sum(loaderMs) + sum(computeMs)) / 1000;
  const examples = (batchSize * loaderMs.length) / seconds;
  // Of a pair, ORION counts the tokens of its source.
  const tokens = Number(workloadColumns.seq_len ?? workloadColumns.src_len);
  return { examples_per_sec: examples, tokens_per_sec: examples * tokens };
}

function controlColumns({ trial, device }: TrialFacts): Row {
  return { gpu_name: device.name, vcpu: trial.workers, storage: trial.storage };
}

function provenanceColumns({ trial, set, device, window, rates, startedAt, status, reason }: TrialFacts): Row {
  return {
    record_id: trial.id,
    started_at: startedAt.toISOString(),
    orion_version: orionVersion,
    ort_version: ortVersion(),
    provider: trial.emulatedStepMs === undefined ? device.provider : null,
    timing: trial.emulatedStepMs === undefined ? 'real' : 'emulated',
    data: set.synthetic ? 'synthetic' : 'real',
    warmup_batches: window?.warmup ?? null,
    measure_batches: window?.measure ?? null,
    steady_state: window?.steadyState ?? null,
    storage_read_mbps: rates.storageReadMBps,
    decode_images_per_s_per_worker: rates.decodePerSecond,
    cpu_model: cpuModel(),
    cpu_cap: trial.cpuCap,
    gpu_uuid: device.uuid,
    driver: device.driver,
    status,
    reason,
  };
}
