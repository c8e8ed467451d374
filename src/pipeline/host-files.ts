import { readFileSync } from 'node:fs';
import { InputError, messageOf } from '../base/errors.js';
import type { HostMeasurement } from '../measure/host.js';
import type { StorageResult } from '../measure/storage.js';

/** A rate of the host's, and where in the file it stands. */
export interface FoundRate {
  rate: number;
  note: string;
}

function readDocument<T>(file: string, option: string, command: string): Partial<T> {
  try {
    const value = JSON.parse(readFileSync(file, 'utf8')) as Partial<T> | null;
    return value ?? {};
  } catch (error) {
    throw new InputError(`${option} ${file} cannot be read (${messageOf(error)}): write one with '${command}'.`, {
      cause: error,
    });
  }
}

/** Images per second that one worker decodes, of a `host.json`. Throws InputError where it has none. */
export function decodeRateOf(file: string): FoundRate {
  const rate = readDocument<HostMeasurement>(file, '--host', 'host').decode?.one_thread?.images_per_s;
  if (!(typeof rate === 'number' && rate > 0)) {
    throw new InputError(`--host ${file} has no decode rate: write one with 'host', or give --decode-rate.`);
  }
  const note = `${file}: one worker prepares ${rate.toPrecision(4)} images/s (JPEG 500x375 to 224x224; other samples: --decode-rate)`;
  return { rate, note };
}

/**
 * 10^6 bytes/s that one worker reads, of a `storage.json`: of whole files by one thread where the file has that, else of
 * random blocks one after the other, the largest. Throws InputError where it has neither.
 */
export function readRateOf(file: string): FoundRate {
  const { results } = readDocument<{ results: StorageResult[] }>(file, '--storage-file', 'storage');
  const alone = (Array.isArray(results) ? results : []).filter(
    ({ threads, depth, measurement }) => threads === 1 && depth === 1 && measurement?.failure === null,
  );
  const wholeFiles = alone.filter(({ pattern }) => pattern === 'files');
  const blocks = alone.filter(({ pattern }) => pattern === 'random').sort((a, b) => b.blockBytes - a.blockBytes);
  const [found] = [...wholeFiles, ...blocks];
  if (!found) {
    throw new InputError(
      `--storage-file ${file} has no reads as a loader worker makes them: write one with 'storage FOLDER --suite', ` +
        'or give --read-mbps.',
    );
  }
  const rate = found.measurement.bytesPerSecond / 1e6;
  return { rate, note: `${file}: one worker reads ${rate.toPrecision(4)} MB/s (${found.name} of ${found.target})` };
}
