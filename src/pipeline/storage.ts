import { resultHeader } from '../base/provenance.js';
import { measureStorage, type StorageCase, type StorageOptions, type StorageResult } from '../measure/storage.js';

export { isFolder, suite as storageSuite, wholeFiles } from '../measure/storage.js';

import { writeTable } from '../records/write.js';
import type { OutputFolder } from './output-folder.js';

const csvColumns = [
  'target',
  'case',
  'pattern',
  'block_bytes',
  'depth',
  'threads',
  'engine',
  'direct',
  'bytes',
  'operations',
  'bytes_per_s',
  'operations_per_s',
  'latency_mean_ns',
  'latency_p50_ns',
  'latency_p90_ns',
  'latency_p99_ns',
  'latency_p999_ns',
  'latency_p9999_ns',
  'latency_max_ns',
  'achieved_depth',
  'user_cpu_ns',
  'system_cpu_ns',
  'device_bytes',
] as const;

export interface StorageTarget {
  target: string;
  cases: readonly StorageCase[];
}

/**
 * Measures what targets deliver, read-only, and writes `storage.json` and `storage.csv` as each case ends: what was
 * measured before a failure is kept.
 */
export async function storage(
  out: OutputFolder,
  targets: readonly StorageTarget[],
  options: StorageOptions,
): Promise<StorageResult[]> {
  const results: StorageResult[] = [];
  const obtained = {
    results:
      `measured: read-only, ${options.direct ? 'past the page cache (O_DIRECT)' : 'through the page cache: it may have served the bytes'}, ` +
      `${options.durationMs / 1000} s a case of which the first fifth is left out; device_bytes is the kernel's own counter`,
  };
  const header = resultHeader(
    obtained,
    targets.map(({ target }) => target),
    { latency: 'CLOCK_MONOTONIC_RAW' },
  );
  const onResult = (result: StorageResult) => {
    results.push(result);
    out.writeJson('storage.json', header, { results });
  };
  try {
    for (const { target, cases } of targets) await measureStorage(target, cases, { ...options, onResult });
  } finally {
    if (results.length > 0) await writeTable(out.file('storage.csv'), csvColumns, results.map(csvRow));
  }
  return results;
}

const csvRow = ({ measurement: m, ...single }: StorageResult) => ({
  target: single.target,
  case: single.name,
  pattern: single.pattern,
  block_bytes: single.blockBytes,
  depth: single.depth,
  threads: single.threads,
  engine: m.engine,
  direct: m.direct,
  bytes: m.bytes,
  operations: m.operations,
  bytes_per_s: m.bytesPerSecond,
  operations_per_s: m.operationsPerSecond,
  latency_mean_ns: m.latencyNs.mean,
  latency_p50_ns: m.latencyNs.p50,
  latency_p90_ns: m.latencyNs.p90,
  latency_p99_ns: m.latencyNs.p99,
  latency_p999_ns: m.latencyNs.p999,
  latency_p9999_ns: m.latencyNs.p9999,
  latency_max_ns: m.latencyNs.maximum,
  achieved_depth: m.achievedDepth,
  user_cpu_ns: m.userCpuNs,
  system_cpu_ns: m.systemCpuNs,
  device_bytes: m.deviceBytes,
});
