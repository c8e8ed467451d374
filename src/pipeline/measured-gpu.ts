import { readFileSync } from 'node:fs';
import { requireChoice } from '../base/checks.js';
import type { Row } from '../base/columns.js';
import { InputError, messageOf } from '../base/errors.js';
import type { GpuFingerprint } from '../measure/gpu-fingerprint.js';
import { columnsOfKnownCard, columnsOfUnknownCard, type MeasuredDevice } from '../physics/measured-device.js';
import { findCard, readCatalogue } from '../records/catalogue.js';
import type { GpuReport } from './gpu-files.js';
import { describedRows } from './predictor-rows.js';

/** A GPU as `gpu.json` has it, for the predictor. */
export interface MeasuredGpu {
  name: string;
  file: string;
  /** Hardware columns and those of data sheets. */
  columns: Row;
  /** What of them was measured. */
  notes: string[];
}

/**
 * Reads a GPU of a `gpu.json`.
 * @param name which, where the file has several
 * @throws InputError
 */
export function readMeasuredGpu(file: string, name?: string): MeasuredGpu {
  const { gpus } = readReport(file);
  const names = [...new Set(gpus.map(({ device }) => device.name))];
  if (name === undefined && names.length > 1) {
    throw new InputError(`${file} has several GPUs: give one of ${names.join(', ')} with --gpu.`);
  }
  const chosen = name === undefined ? names[0]! : requireChoice(name, names, '--gpu');
  return describe(gpus.find((each) => each.device.name === chosen)!, file);
}

/** All GPUs of a `gpu.json`, equal ones once. @throws InputError */
export function readMeasuredGpus(file: string): MeasuredGpu[] {
  const { gpus } = readReport(file);
  const byName = new Map(gpus.toReversed().map((gpu) => [gpu.device.name, gpu]));
  return [...byName.values()].reverse().map((gpu) => describe(gpu, file));
}

function describe({ device, fingerprint }: GpuReport['gpus'][number], file: string): MeasuredGpu {
  const chosen = device.name;
  const measured = measuredDevice(device, fingerprint);
  const card = findCard(readCatalogue(), chosen);
  if (!card) return { name: chosen, file, ...columnsOfUnknownCard(measured) };
  const sheet = describedRows([{ gpu_name: chosen }])[0]!;
  const { columns, notes } = columnsOfKnownCard(measured, sheet);
  return { name: chosen, file, columns: { ...sheet, ...columns }, notes };
}

function readReport(file: string): GpuReport {
  let report: Partial<GpuReport>;
  try {
    report = JSON.parse(readFileSync(file, 'utf8')) as Partial<GpuReport>;
  } catch (error) {
    throw new InputError(`${file} cannot be read (${messageOf(error)}): give a gpu.json as 'gpu' writes it.`, {
      cause: error,
    });
  }
  const isReport = Array.isArray(report?.gpus) && report.gpus.length > 0;
  if (!isReport || !report.gpus!.every((each) => each.device?.name && each.fingerprint?.memory_gb_per_s)) {
    throw new InputError(
      `${file} is not a gpu.json with fingerprints: write one with 'gpu' ('gpu --import' for what orion-gpu printed).`,
    );
  }
  return report as GpuReport;
}

const measuredDevice = (device: GpuReport['gpus'][number]['device'], found: GpuFingerprint): MeasuredDevice => ({
  copyGBps: found.memory_gb_per_s.copy,
  ...found.fma_gflop_per_s,
  matrixFp16: found.matrix_gflop_per_s.fp16 ?? found.library_gflop_per_s.fp16 ?? null,
  powerLimitWatts: found.power_limit_w,
  memoryBytes: device.memoryBytes,
  multiprocessors: device.multiprocessors,
  l2Bytes: device.l2Bytes,
});
