import type { TrainingSet } from '../data/training-set.js';
import { samplesInFlight } from './loader/batch-maker.js';

/** libuv's default (https://docs.libuv.org/en/v1.x/threadpool.html). */
const defaultThreads = 4;

/**
 * Why the process cannot serve so many loader workers, or null. Image files are decoded on libuv's threads, whose number
 * is fixed when the process starts: with fewer of them than the workers keep busy, more workers would measure nothing.
 */
export function threadPoolProblem(set: TrainingSet, workers: number): string | null {
  if (set.content.stored !== 'files') return null;
  const needed = workers * samplesInFlight;
  const threads = Number(process.env.UV_THREADPOOL_SIZE ?? defaultThreads);
  if (threads >= needed) return null;
  return (
    `${workers} loader workers decode on ${needed} threads and this process has ${threads}: set the environment variable ` +
    `UV_THREADPOOL_SIZE=${needed} and run again.`
  );
}
