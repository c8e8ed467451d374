import { InputError, messageOf } from '../../base/errors.js';
import { nativeStatus, type StorageEngine } from '../../base/native.js';
import { MersenneTwister } from '../../base/random.js';
import type { SampleShape } from '../../data/decode.js';
import type { TrainingSet } from '../../data/training-set.js';
import type { LoaderPool } from '../loader/pool.js';
import { uncachedChunkBytes } from '../storage-mode.js';

/** How fast a data set can be read and decoded here. */
export interface DatasetRates {
  /** Sample-sized random reads past the page cache, one at a time, 10^6 bytes/s; null without the addon. */
  storageReadMBps: number | null;
  /** Samples per second that one loader worker decodes (text: tokenises) from memory; null where not measured. */
  decodePerSecond: number | null;
  /** Why the storage rate could not be measured; null where it was. */
  problem: string | null;
}

export const unknownRates: DatasetRates = { storageReadMBps: null, decodePerSecond: null, problem: null };

const durationMs = 400;
const rampMs = 50;
/** Files are drawn from a large set, so that opening the measurement stays cheap. */
const maximumFiles = 4096;
/** O_DIRECT reads whole blocks. */
const blockBytes = 4096;

/** Measures both rates, for about half a second each. */
export async function measureDatasetRates(
  set: TrainingSet,
  shape: SampleShape,
  pool: LoaderPool,
): Promise<DatasetRates> {
  const decodePerSecond = await pool.decodeRate(set, shape, durationMs);
  const { addon, reason } = nativeStatus();
  if (!addon) return { storageReadMBps: null, decodePerSecond, problem: storageProblem(reason) };
  try {
    return { storageReadMBps: (await storageRate(set, addon.storage)) / 1e6, decodePerSecond, problem: null };
  } catch (error) {
    // Some file systems refuse to be read past the page cache: the trial itself does not depend on it.
    return { storageReadMBps: null, decodePerSecond, problem: storageProblem(messageOf(error)) };
  }
}

const storageProblem = (reason: string) => `the storage rate was not measured: ${reason}`;

/** bytes/s */
async function storageRate({ content, bytes, samples }: TrainingSet, storage: StorageEngine): Promise<number> {
  const wholeFiles = content.stored === 'files';
  const blocksPerSample = Math.ceil(bytes / samples / blockBytes);
  const { bytesPerSecond, failure } = await storage.measure({
    paths: wholeFiles ? drawn(content.paths) : content.paths.slice(0, 1),
    pattern: wholeFiles ? 'files' : 'random',
    blockBytes: wholeFiles ? uncachedChunkBytes : blocksPerSample * blockBytes,
    depth: 1,
    threads: 1,
    engine: 'auto',
    direct: true,
    durationMs,
    rampMs,
    steadyPercent: 0,
    maxBytes: 0,
    seed: 0,
  });
  if (failure !== null) throw new InputError(failure, { code: 'IO' });
  return bytesPerSecond;
}

function drawn(paths: readonly string[]): string[] {
  const order = Uint32Array.from({ length: paths.length }, (_, index) => index);
  return Array.from(new MersenneTwister(0).shuffle(order).slice(0, maximumFiles), (index) => paths[index]!);
}
