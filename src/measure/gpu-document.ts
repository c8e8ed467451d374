import { readFileSync } from 'node:fs';
import { InputError, messageOf } from '../base/errors.js';
import type { GpuDevice, GpuMeasurement } from '../base/native.js';

/** What the plain executable `orion-gpu` prints. */
export interface GpuDocument {
  tool: 'orion-gpu';
  version: string;
  /** ISO 8601, UTC. */
  startedAt?: string;
  driver?: string;
  driverVersion: number;
  runtimeVersion: number;
  devices: { device: GpuDevice; suite: string; measurements: GpuMeasurement[] }[];
}

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads a document of the executable. @throws InputError where it is none, or cut short */
export function readGpuDocument(file: string): GpuDocument {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new InputError(`--import ${file} cannot be read (${messageOf(error)}): give what 'orion-gpu' printed.`, {
      cause: error,
    });
  }
  if (!isFields(value) || value.tool !== 'orion-gpu') {
    throw new InputError(`--import ${file} is not a document of orion-gpu: its "tool" must be "orion-gpu".`);
  }
  const problem = problemOf(value);
  if (problem) throw new InputError(`--import ${file}: ${problem}; measure again with 'orion-gpu'.`);
  return value as unknown as GpuDocument;
}

/** What is not as it should be, as far as this program relies on it; null where all is. */
function problemOf({ devices }: Fields): string | null {
  if (!Array.isArray(devices) || devices.length === 0) return 'it has no "devices"';
  for (const [i, entry] of devices.entries()) {
    const at = `"devices"[${i}]`;
    if (!isFields(entry) || !isFields(entry.device)) return `${at} has no "device"`;
    if (typeof entry.device.name !== 'string') return `${at} has a device without a name`;
    if (!Array.isArray(entry.measurements)) return `${at} has no "measurements"`;
    const bad = entry.measurements.findIndex((each) => !isMeasurement(each));
    if (bad >= 0) return `${at}: measurement ${bad} lacks a name, or a status of ok, failed or skipped, or its times`;
  }
  return null;
}

function isMeasurement(value: unknown): boolean {
  if (!isFields(value) || typeof value.name !== 'string') return false;
  if (value.status === 'failed' || value.status === 'skipped') return true;
  return value.status === 'ok' && isFields(value.timeNs) && typeof value.timeNs.median === 'number';
}
