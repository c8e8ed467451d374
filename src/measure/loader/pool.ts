import { MessageChannel } from 'node:worker_threads';
import type { SampleShape } from '../../data/decode.js';
import type { TrainingSet } from '../../data/training-set.js';
import { CommandChannel, threadPeer } from '../commands.js';
import { BatchOrder } from './batch-order.js';
import type { LoaderEnd } from './batch-queue.js';
import { type LoaderCommand, type LoaderRequest, signalCells } from './messages.js';
import { type LoaderTotals, sumTotals } from './totals.js';

interface LoaderThread {
  thread: CommandChannel<LoaderCommand>;
  /** The data set it was given last. */
  set: TrainingSet | null;
}

/** A loader that runs: batches come out of `end` until it is stopped. */
export interface LoaderRun {
  readonly end: LoaderEnd;
  /** Ends it; returns what its workers did together. */
  stop(): Promise<LoaderTotals>;
}

/** Loader worker threads, kept from one trial to the next. */
export class LoaderPool {
  #threads: LoaderThread[] = [];
  #signal: Int32Array | null = null;

  /** Starts preparing batches. Throws InputError where the data set is smaller than a batch. */
  async start(request: LoaderRequest): Promise<LoaderRun> {
    new BatchOrder(request.set.samples, request.batchSize, request.seed);
    const threads = this.#ensure(request.workers);
    const signal = new SharedArrayBuffer(signalCells.length * Int32Array.BYTES_PER_ELEMENT);
    this.#signal = new Int32Array(signal);
    const channels = threads.map(() => new MessageChannel());
    await Promise.all(
      threads.map((loader, workerIndex) => {
        const { port1: port } = channels[workerIndex]!;
        const set = this.#toSend(loader, request.set);
        return loader.thread.call({ kind: 'start', request: { ...request, set }, workerIndex, port, signal }, [port]);
      }),
    );
    return {
      end: { ports: channels.map(({ port2 }) => port2), signal },
      stop: async () =>
        sumTotals(await Promise.all(threads.map(({ thread }) => thread.call<LoaderTotals>({ kind: 'stop' })))),
    };
  }

  /** Samples per second that one worker decodes from files in the page cache. */
  decodeRate(set: TrainingSet, shape: SampleShape, durationMs: number): Promise<number> {
    const loader = this.#ensure(1)[0]!;
    return loader.thread.call<number>({ kind: 'decodeRate', set: this.#toSend(loader, set), shape, durationMs });
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map(({ thread }) => thread.end()));
    this.#threads = [];
  }

  #ensure(workers: number): LoaderThread[] {
    this.#threads = this.#threads.filter(({ thread }) => thread.alive);
    while (this.#threads.length < workers) {
      const script = new URL('./worker.js', import.meta.url);
      this.#threads.push({
        thread: new CommandChannel(threadPeer(script), 'A loader worker', () => this.#break()),
        set: null,
      });
    }
    return this.#threads.slice(0, workers);
  }

  /** The set, or null where the thread has it already: the paths of a large set take time to copy. */
  #toSend(loader: LoaderThread, set: TrainingSet): TrainingSet | null {
    if (loader.set === set) return null;
    loader.set = set;
    return set;
  }

  #break(): void {
    if (!this.#signal) return;
    Atomics.store(this.#signal, signalCells.broken, 1);
    Atomics.add(this.#signal, signalCells.posted, 1);
    Atomics.notify(this.#signal, signalCells.posted);
  }
}
