import os from 'node:os';
import { orionVersion, ortVersion } from './package.js';

/** The block that every result JSON begins with. */
export interface ResultHeader {
  tool: 'orion-bench';
  orion_version: string;
  ort_version: string;
  node_version: string;
  command: string[];
  started_at: string;
  machine: {
    cpu_model: string;
    logical_cpus: number;
    memory_bytes: number;
    kernel: string;
    architecture: string;
  };
  devices: string[];
  clocks: Record<string, string>;
  /** How each number was obtained: device, clock, repeats, real or emulated, real or synthetic data. */
  obtained: Record<string, string>;
}

export function cpuModel(): string {
  return os.cpus()[0]?.model.trim() ?? 'unknown';
}

/**
 * @param obtained for each number or group of numbers in the result, how it was obtained
 * @param devices names of the devices measured
 * @param clocks which clock timed what
 */
export function resultHeader(
  obtained: Record<string, string>,
  devices: string[] = [],
  clocks: Record<string, string> = {},
): ResultHeader {
  return {
    tool: 'orion-bench',
    orion_version: orionVersion,
    ort_version: ortVersion(),
    node_version: process.version,
    command: process.argv.slice(2),
    started_at: new Date().toISOString(),
    machine: {
      cpu_model: cpuModel(),
      logical_cpus: os.cpus().length,
      memory_bytes: os.totalmem(),
      kernel: os.release(),
      architecture: os.arch(),
    },
    devices,
    clocks,
    obtained,
  };
}
