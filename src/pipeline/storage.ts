import { resultHeader } from '../base/provenance.js';
import { measureStorage, type StorageOptions, type StorageResult } from '../measure/storage.js';
import type { StorageCase } from '../measure/storage-suite.js';
import { writeTable } from '../records/write.js';
import type { OutputFolder } from './output-folder.js';
import { storageColumns, storageRow } from './storage-row.js';

export { isFolder } from '../measure/storage.js';
export { folderSuite, ofThreads, suite as storageSuite, wholeFiles, wholeFilesBy } from '../measure/storage-suite.js';

export interface StorageTarget {
  target: string;
  cases: readonly StorageCase[];
}

/**
 * Measures what targets deliver, read-only, and writes `storage.json` (docs/storage.schema.json) and `storage.csv` as
 * each case ends: what was measured before a failure is kept, and of the case that failed what it had read by then.
 */
export async function storage(
  out: OutputFolder,
  targets: readonly StorageTarget[],
  options: StorageOptions,
): Promise<StorageResult[]> {
  const results: StorageResult[] = [];
  const header = resultHeader(
    { results: obtained(options) },
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
    if (results.length > 0) await writeTable(out.file('storage.csv'), storageColumns, results.map(storageRow));
  }
  return results;
}

function obtained({ direct, durationMs, steadyPercent }: StorageOptions): string {
  const way = direct ? 'past the page cache (O_DIRECT)' : 'through the page cache: it may have served the bytes';
  const ramp = steadyPercent
    ? `after a ramp until throughput changed by at most ${steadyPercent} % in a second`
    : 'after a ramp of a fifth of that';
  return (
    `measured: read-only, ${way}, ${durationMs / 1000} s a case ${ramp}; served sets the kernel's counters against the ` +
    `bytes that were read, ramp included; CPU times are those of the reading threads`
  );
}
