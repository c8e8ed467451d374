import type { OnProgress } from '../base/progress.js';
import { resultHeader } from '../base/provenance.js';
import { type GpuReport, gpuInventory, measureGpu } from '../measure/gpu.js';
import { writeTable } from '../records/write.js';
import type { OutputFolder } from './output-folder.js';

export interface GpuOptions {
  device: number;
  /** Wall-clock limit of one kernel. */
  maximumMs: number;
  onProgress?: OnProgress | undefined;
}

const csvColumns = [
  'device',
  'gpu_name',
  'kernel',
  'median_ns',
  'p90_ns',
  'relative_standard_deviation',
  'samples',
  'bytes_per_s',
  'flops_per_s',
  'empty_event_ns',
  'answer_correct',
  'stopped_because',
] as const;

/** Times the kernel suite and writes `gpu.json` and `gpu.csv`. @throws MissingDeviceError without a CUDA device. */
export async function gpu(out: OutputFolder, options: GpuOptions): Promise<GpuReport> {
  const report = await measureGpu(options.device, options.maximumMs, options.onProgress);
  const inventory = gpuInventory();
  const obtained = {
    measurements:
      'measured: L2 flushed, stream blocked until the launch is queued, CUDA events around the kernel, answer checked on the host; samples are raw',
  };
  out.writeJson('gpu.json', resultHeader(obtained, [report.device.name], { kernels: 'CUDA events' }), {
    ...report,
    driver_version: inventory.driverVersion,
    runtime_version: inventory.runtimeVersion,
  });
  await writeTable(
    out.file('gpu.csv'),
    csvColumns,
    report.measurements.map((m) => ({
      device: report.device.index,
      gpu_name: report.device.name,
      kernel: m.kernel,
      median_ns: m.timeNs.median,
      p90_ns: m.timeNs.p90,
      relative_standard_deviation: m.timeNs.relativeStandardDeviation,
      samples: m.timeNs.count,
      bytes_per_s: m.bytesPerSecond,
      flops_per_s: m.flopsPerSecond,
      empty_event_ns: m.emptyEventNs,
      answer_correct: m.answerCorrect,
      stopped_because: m.stoppedBecause,
    })),
  );
  return report;
}
