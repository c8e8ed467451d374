import { mean } from '../../base/statistics.js';
import { BatchQueue } from '../loader/batch-queue.js';
import { batchTimeInterval95 } from './batch-interval.js';
import type { LoaderAloneRequest, PhaseTime } from './messages.js';

/** What the first and the last round have in progress beside them must not count much. */
const leastRounds = 3;
const tolerance = 0.02;

/**
 * Mean time between batches when each is taken as soon as it is there and nobody computes: until its 95 % interval is
 * within 2 %, or to the limits.
 */
export function loaderAlone(request: LoaderAloneRequest): PhaseTime {
  const { loader, workers, uncountedRounds, limitMs, mostRounds } = request;
  const queue = new BatchQueue(loader);
  const roundMs: number[] = [];
  const takeRound = () => {
    const begin = performance.now();
    for (let worker = 0; worker < workers; worker++) queue.giveBack(queue.next());
    return performance.now() - begin;
  };
  const isOver = (elapsedMs: number) =>
    roundMs.length >= mostRounds ||
    elapsedMs >= limitMs ||
    batchTimeInterval95(roundMs, 1) <= tolerance * mean(roundMs);
  for (let round = 0; round < uncountedRounds; round++) takeRound();
  const before = process.cpuUsage();
  const begin = performance.now();
  while (roundMs.length < leastRounds || !isOver(performance.now() - begin)) roundMs.push(takeRound());
  const { user, system } = process.cpuUsage(before);
  const batches = roundMs.length * workers;
  return { batchMs: mean(roundMs) / workers, cpuMs: (user + system) / 1000 / batches };
}
