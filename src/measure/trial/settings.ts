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
  /** It is not here: steps are waits of a known length (`emulatedStepMs` of a trial), and no provider runs. */
  emulated?: true;
}

export const cpuDevice: TrialDevice = { provider: 'cpu', deviceId: 0, name: 'CPU', uuid: null, driver: null };

/**
 * `steady`: warm-up and window as long as a steady state takes (`IterationWindow`). `orion`: 5 iterations of warm-up and 20
 * measured ones, whatever the queue holds.
 */
export type Protocol = 'steady' | 'orion';

/** Whether compute, preparation and fetch are measured on their own too (`Phases`). */
export const phaseChoices = ['none', 'all'] as const;
export type PhaseChoice = (typeof phaseChoices)[number];

export interface TrialSettings {
  dataRoot: string;
  device: TrialDevice;
  /** CPUs that the process may use: it is pinned to the first so many, and ONNX Runtime gets as many threads. */
  cpuCap: number;
  protocol: Protocol;
  /** Iterations before the window; by default what the protocol says. */
  warmup?: number | undefined;
  /** Iterations of the window; by default what the protocol says. */
  measure?: number | undefined;
  /** By default all with protocol `steady`, none with `orion`. */
  phases?: PhaseChoice | undefined;
  /** Ends the sweep after the trial that is running. */
  signal?: AbortSignal | undefined;
  onProgress?: OnProgress | undefined;
}
