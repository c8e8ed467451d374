import { createHash } from 'node:crypto';
import type { Family } from '../../base/columns.js';
import type { Optimizer, Precision } from '../../networks/types.js';
import type { ProviderName } from '../providers.js';
import type { StorageMode } from '../storage-mode.js';

/** Everything that identifies a measurement. */
export interface TrialConfig {
  family: Family;
  model: string;
  dataset: string;
  batchSize: number;
  learningRate: number;
  optimizer: Optimizer;
  precision: Precision;
  /** Loader workers, clamped to the CPU cap. */
  workers: number;
  storage: StorageMode;
  /** MLP only, else null. */
  embedDim: number | null;
  /** MLP only, and only where it differs from the network's own. */
  depth: number | null;
  /** Text only, else null; of a pair, its source's. */
  sequenceLength: number | null;
  /** Pairs of texts only: target tokens that are predicted. */
  targetLength: number | null;
  /** Text only: the largest vocabulary allowed. */
  maximumVocabulary: number | null;
  seed: number;
  provider: ProviderName;
  /** What it runs on, as in `gpu_name`: the same sweep on two GPUs is two sets of trials. */
  gpuName: string;
  /** CPUs that the process may use. */
  cpuCap: number;
  /** Length of a step where the accelerator is emulated, ms; real trials do not have it. */
  emulatedStepMs?: number;
}

export interface Trial extends TrialConfig {
  /** Short hash of the configuration: the same on every machine and in every run (`record_id`). */
  readonly id: string;
}

const idLength = 12;

export function identified(config: TrialConfig): Trial {
  const canonical = Object.entries(config)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`)
    .join(';');
  return { id: createHash('sha256').update(canonical).digest('hex').slice(0, idLength), ...config };
}

/** One line for progress and messages. */
export function describeTrial(trial: TrialConfig): string {
  const embedding = trial.embedDim === null ? '' : ` embedding ${trial.embedDim}`;
  return (
    `${trial.model} ${trial.dataset} batch ${trial.batchSize}${embedding} ${trial.optimizer} lr ${trial.learningRate} ` +
    `fp${trial.precision}, ${trial.workers} worker${trial.workers === 1 ? '' : 's'}, ${trial.storage}`
  );
}
