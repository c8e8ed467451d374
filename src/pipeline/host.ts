import os from 'node:os';
import type { OnProgress } from '../base/progress.js';
import { resultHeader } from '../base/provenance.js';
import { type HostMeasurement, measureHost } from '../measure/host.js';
import type { OutputFolder } from './output-folder.js';

/** Measures this host's rates and writes `host.json`. */
export async function host(out: OutputFolder, durationMs: number, onProgress?: OnProgress): Promise<HostMeasurement> {
  const threads = os.availableParallelism();
  const result = await measureHost({ durationMs, threads, onProgress });
  const obtained = {
    copy_bytes_per_s:
      'measured: streaming copy of arrays of at least 4 x the last-level cache, read + write counted, median of repeats',
    fp32_flops_per_s: `measured: fused multiply-adds in registers, ${result.instruction_set}, median of repeats`,
    fp64_flops_per_s: `measured: fused multiply-adds in registers, ${result.instruction_set}, median of repeats`,
    decode:
      "measured: synthetic 500x375 JPEG to 224x224 float32 by the loader's decoder, median of three runs; all_threads = that many at once",
    facts: "the operating system's own files",
  };
  out.writeJson(
    'host.json',
    resultHeader(obtained, ['CPU'], { rates: 'CLOCK_MONOTONIC_RAW', decode: 'performance.now' }),
    result,
  );
  return result;
}
