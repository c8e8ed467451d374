import os from 'node:os';
import { type Cell, hardwareColumns, type Row } from '../base/columns.js';
import { cpuModel } from '../base/provenance.js';
import type { HostMeasurement } from '../measure/host.js';
import type { OutputFolder } from './output-folder.js';

/** The measured rates of a `host.json` that was written on this machine; measured anew where there is none. */
async function hostRates(out: OutputFolder): Promise<HostMeasurement> {
  const earlier = out.readJson<HostMeasurement>('host.json');
  if (earlier?.facts.cpu_model === cpuModel() && earlier.facts.allowed_cpus === os.availableParallelism())
    return earlier;
  const { measureHost } = await import('../measure/host.js');
  return measureHost({ durationMs: 200, threads: os.availableParallelism() });
}

/** The hardware columns of a row that was measured on this CPU with as many CPUs allowed; undefined where there is none. */
function earlierColumns(rows: readonly Row[]): Record<string, Cell> | undefined {
  const row = rows.find(
    ({ cpu_model, SM, hardware_source }) =>
      cpu_model === cpuModel() && SM === os.availableParallelism() && hardware_source === 'measured',
  );
  return row && Object.fromEntries(hardwareColumns.map((column) => [column, row[column] ?? null]));
}

/**
 * The hardware columns of rows measured on the CPU: measured rates stand where a GPU has its data sheet's. fp16 equals
 * fp32, since ONNX Runtime's CPU provider computes both alike. What earlier rows of the file have is kept: to a model a
 * second measurement would be a second machine.
 */
export async function cpuHardware(out: OutputFolder, earlier: readonly Row[]): Promise<Record<string, Cell>> {
  const known = earlierColumns(earlier);
  if (known) return known;
  const host = await hostRates(out);
  const giga = (perSecond: number) => Number((perSecond / 1e9).toPrecision(5));
  const fp32 = giga(host.fp32_flops_per_s.all_threads);
  return {
    'GPU Memory Bandwidth (GB/s)': giga(host.copy_bytes_per_s.all_threads),
    'Memory (GB)': Number((host.facts.memory_bytes / 2 ** 30).toPrecision(4)),
    'Memory Type': 'DRAM',
    Bus: 'memory bus',
    gpu_arch: 'CPU',
    SM: host.facts.allowed_cpus,
    FP16: fp32,
    FP32: fp32,
    FP64: giga(host.fp64_flops_per_s.all_threads),
  };
}
