import type { Row } from '../../base/columns.js';
import { messageOf } from '../../base/errors.js';
import { BatchOrder } from '../loader/batch-order.js';
import type { LoaderRequest } from '../loader/messages.js';
import type { LoaderPool } from '../loader/pool.js';
import { prepareStorage } from '../prepare-storage.js';
import type { PhaseTime } from '../session/messages.js';
import type { SessionHost } from '../session/session-host.js';

/** The loader of a trial while nobody computes: a batch of all its workers together. */
export interface LoaderPhases {
  /** With its files in the page cache; null where it could not be measured. */
  cached: PhaseTime | null;
  /** With every file read from the device; null where nothing is read from files, or it could not be measured. */
  cold: PhaseTime | null;
  /** The data set is held in memory: there is nothing to fetch. */
  inMemory: boolean;
  /** What could not be measured, and why. */
  problems: string[];
}

/** A trial's work in parts, each measured on its own. */
export interface Phases extends LoaderPhases {
  /** A step on a batch that the device has already, without a loader. */
  computeAlone: PhaseTime;
}

const limitMs = 600;
const leastRounds = 3;
/**
 * Batches that begin a run of the loader lie in memory that is new, which costs the system up to ten times their decoding,
 * page by page: those prefetched, and the one that the consumer holds. As in a trial's warm-up, twice that passes first.
 */
const uncountedRounds = ({ prefetch }: LoaderRequest): number => 2 * (prefetch + 1);
/** More samples than in the least rounds are brought into the page cache up to this number. */
const mostSamples = 4096;

/** The columns of the phases: `fetch_ms` is a difference of two measured times, and may come out a little below 0. */
export function phaseColumns({ computeAlone, cached, cold, inMemory }: Phases): Row {
  return {
    compute_only_ms: computeAlone.batchMs,
    prepare_ms: cached?.batchMs ?? null,
    fetch_ms: cached && cold ? cold.batchMs - cached.batchMs : inMemory ? 0 : null,
  };
}

/** First cold, then cached, so that the page cache is left with what an ordinary trial finds there. */
export async function measureLoaderPhases(
  request: LoaderRequest,
  pool: LoaderPool,
  host: SessionHost,
): Promise<LoaderPhases> {
  const { workers, batchSize, set } = request;
  const mostRounds = Math.max(leastRounds, Math.floor(mostSamples / (workers * batchSize)));
  const problems: string[] = [];
  const measured = async (storage: 'cold' | 'cached'): Promise<PhaseTime | null> => {
    try {
      if (storage === 'cached') await prepareStorage(set, storage, samplesOf(request, mostRounds));
      const loader = await pool.start({ ...request, storage });
      const measuring = host.loaderAlone({
        loader: loader.end,
        workers,
        uncountedRounds: uncountedRounds(request),
        limitMs,
        mostRounds,
      });
      await measuring.catch(() => null);
      await loader.stop();
      return await measuring;
    } catch (error) {
      problems.push(`the ${storage} loader was not measured on its own: ${messageOf(error)}`);
      return null;
    }
  };
  const inMemory = set.content.stored === 'memory';
  const cold = inMemory ? null : await measured('cold');
  return { cold, cached: await measured('cached'), inMemory, problems };
}

/** Samples of so many rounds, of the uncounted ones before and of what lies ready in the end. */
function samplesOf(request: LoaderRequest, rounds: number): Uint32Array {
  const { set, batchSize, seed, workers, prefetch } = request;
  const order = new BatchOrder(set.samples, batchSize, seed);
  const samples = new Set<number>();
  const batches = (uncountedRounds(request) + rounds + prefetch) * workers;
  for (let batch = 0; batch < batches && samples.size < set.samples; batch++) {
    for (const sample of order.indices(batch)) samples.add(sample);
  }
  return Uint32Array.from(samples);
}
