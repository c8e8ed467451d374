import os from 'node:os';
import type { Cell } from '../base/columns.js';
import { cpuModel } from '../base/provenance.js';
import { type HostMeasurement, measureHost } from '../measure/host.js';
import type { OutputFolder } from './output-folder.js';

/** The measured rates of a `host.json` that was written on this machine; measured anew where there is none. */
async function hostRates(out: OutputFolder): Promise<HostMeasurement> {
  const earlier = out.readJson<HostMeasurement>('host.json');
  if (earlier?.facts.cpu_model === cpuModel() && earlier.facts.allowed_cpus === os.availableParallelism())
    return earlier;
  return measureHost({ durationMs: 200, threads: os.availableParallelism() });
}

/**
 * The hardware columns of rows measured on the CPU: measured rates stand where a GPU has its data sheet's. fp16 equals
 * fp32, since ONNX Runtime's CPU provider computes both alike.
 */
export async function cpuHardware(out: OutputFolder): Promise<Record<string, Cell>> {
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
