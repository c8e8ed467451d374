import { blockMeansInterval95, meanInterval95 } from '../../base/statistics.js';

const leastBlocks = 6;
const mostBlocks = 16;

/**
 * Half width of the 95 % interval of the mean iteration time, ms. Where the loader is the limit its workers deliver in
 * bursts, one batch each, so that single iterations are far from independent: the interval is that of the means of
 * blocks of whole rounds of the workers, 16 blocks or more of them in a long window, so that a block is long. With
 * fewer than 6 rounds it is that of single iterations, which bursts make too wide rather than too narrow. Infinite for one
 * iteration, which tells nothing of its spread.
 */
export function batchTimeInterval95(batchMs: readonly number[], workers: number): number {
  if (batchMs.length < 2) return Number.POSITIVE_INFINITY;
  const rounds = Math.floor(batchMs.length / workers);
  if (rounds < leastBlocks) return meanInterval95(batchMs);
  return blockMeansInterval95(batchMs, workers * Math.max(1, Math.floor(rounds / mostBlocks)));
}
