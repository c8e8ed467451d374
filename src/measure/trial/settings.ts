import type { OnProgress } from '../../base/progress.js';
import type { ProviderName } from '../providers.js';

/** The device that trains. */
export interface TrialDevice {
  provider: ProviderName;
  deviceId: number;
  /** As in `gpu_name`: the GPU's name, or CPU. */
  name: string;
  uuid: string | null;
  driver: string | null;
}

export const cpuDevice: TrialDevice = { provider: 'cpu', deviceId: 0, name: 'CPU', uuid: null, driver: null };

/**
 * `steady`: warm-up until the batches that were prefetched before the first iteration have been consumed. `orion`: 5
 * iterations of warm-up and 20 measured ones, whatever the queue holds.
 */
export type Protocol = 'steady' | 'orion';

export interface TrialSettings {
  dataRoot: string;
  device: TrialDevice;
  /** CPUs that the process may use: it is pinned to the first so many, and ONNX Runtime gets as many threads. */
  cpuCap: number;
  protocol: Protocol;
  /** Iterations before the window; by default what the protocol says. */
  warmup?: number | undefined;
  /** Iterations of the window; by default 20. */
  measure?: number | undefined;
  /** Ends the sweep after the trial that is running. */
  signal?: AbortSignal | undefined;
  onProgress?: OnProgress | undefined;
}
