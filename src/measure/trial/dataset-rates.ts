import { nativeStatus } from '../../base/native.js';
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
}

export const unknownRates: DatasetRates = { storageReadMBps: null, decodePerSecond: null };

const durationMs = 400;
const rampMs = 50;
/** Files are drawn from a large set, so that opening the measurement stays cheap. */
const maximumFiles = 4096;
/** O_DIRECT reads whole blocks; samples of sets held in memory are smaller or little larger. */
const blockBytes = 4096;

/** Measures both rates, for about half a second each. */
export async function measureDatasetRates(
  set: TrainingSet,
  shape: SampleShape,
  pool: LoaderPool,
): Promise<DatasetRates> {
  return {
    storageReadMBps: await storageRate(set),
    decodePerSecond: await pool.decodeRate(set, shape, durationMs),
  };
}

async function storageRate({ content }: TrainingSet): Promise<number | null> {
  const { addon } = nativeStatus();
  if (!addon) return null;
  const wholeFiles = content.stored === 'files';
  const { bytesPerSecond } = await addon.storage.measure({
    paths: wholeFiles ? drawn(content.paths) : content.paths.slice(0, 1),
    pattern: wholeFiles ? 'files' : 'random',
    blockBytes: wholeFiles ? uncachedChunkBytes : blockBytes,
    depth: 1,
    threads: 1,
    engine: 'auto',
    direct: true,
    durationMs,
    rampMs,
    maxBytes: 0,
    seed: 0,
  });
  return bytesPerSecond / 1e6;
}

function drawn(paths: readonly string[]): string[] {
  const order = Uint32Array.from({ length: paths.length }, (_, index) => index);
  return Array.from(new MersenneTwister(0).shuffle(order).slice(0, maximumFiles), (index) => paths[index]!);
}
