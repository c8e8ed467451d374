import { median } from '../base/statistics.js';
import { CommandChannel, threadPeer } from './commands.js';
import type { DecodeCommand, Decoded } from './decode-worker.js';

export interface DecodeRate {
  images_per_s: number;
  /** Threads that decode at the same time. */
  threads: number;
  images: number;
}

const shape = [3, 224, 224] as const;

/**
 * JPEG files of 500x375 decoded, resized to 224x224 and normalised, by the decoder of the loader, on one thread and on
 * `threads`. Each rate is the median of three runs, all of which together take `durationMs` after a warm-up.
 */
export async function measureDecodeRates(
  durationMs: number,
  threads: number,
): Promise<{ one_thread: DecodeRate; all_threads: DecodeRate }> {
  // The decoder itself mostly does without sharp, which takes a while to load.
  const { makePhotograph } = await import('./photograph.js');
  const images = await Promise.all([1, 2, 3, 4].map(makePhotograph));
  const workers = Array.from(
    { length: threads },
    () => new CommandChannel<DecodeCommand>(threadPeer(new URL('./decode-worker.js', import.meta.url)), 'A decoder'),
  );
  try {
    return {
      one_thread: await medianRate(workers.slice(0, 1), images, durationMs),
      all_threads: await medianRate(workers, images, durationMs),
    };
  } finally {
    await Promise.all(workers.map((worker) => worker.end()));
  }
}

type Decoder = CommandChannel<DecodeCommand>;

async function medianRate(workers: readonly Decoder[], images: Uint8Array[], durationMs: number): Promise<DecodeRate> {
  await decodeRate(workers, images, durationMs / 4);
  const runs: DecodeRate[] = [];
  for (let i = 0; i < 3; i++) runs.push(await decodeRate(workers, images, durationMs / 3));
  const middle = median(runs.map((run) => run.images_per_s));
  return runs.find((run) => run.images_per_s === middle)!;
}

async function decodeRate(workers: readonly Decoder[], images: Uint8Array[], durationMs: number): Promise<DecodeRate> {
  const done = await Promise.all(workers.map((worker) => worker.call<Decoded>({ images, shape, durationMs })));
  return {
    images_per_s: done.reduce((sum, { images, elapsedMs }) => sum + (1000 * images) / elapsedMs, 0),
    threads: workers.length,
    images: done.reduce((sum, { images }) => sum + images, 0),
  };
}
