import { BatchQueue } from '../loader/batch-queue.js';
import type { LoaderAloneRequest, PhaseTime } from './messages.js';

/** What the first and the last round have in progress beside them must not count much. */
const leastRounds = 3;

/**
 * Mean time between batches when each is taken as soon as it is there and nobody computes. The first round, one batch of
 * each worker, is not counted: it may have begun earlier.
 */
export function loaderAlone({ loader, workers, durationMs, mostRounds }: LoaderAloneRequest): PhaseTime {
  const queue = new BatchQueue(loader);
  const takeRound = () => {
    for (let worker = 0; worker < workers; worker++) queue.giveBack(queue.next());
  };
  takeRound();
  const before = process.cpuUsage();
  const begin = performance.now();
  let rounds = 0;
  while (rounds < leastRounds || (rounds < mostRounds && performance.now() - begin < durationMs)) {
    takeRound();
    rounds++;
  }
  const batches = rounds * workers;
  const batchMs = (performance.now() - begin) / batches;
  const { user, system } = process.cpuUsage(before);
  return { batchMs, cpuMs: (user + system) / 1000 / batches };
}
