import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { BatchBuffers } from './batch-maker.js';
import { type ConsumerMessage, type LoaderMessage, signalCells } from './messages.js';

/** The consumer's end of a loader run; can be posted to another thread (transfer `ports`). */
export interface LoaderEnd {
  ports: MessagePort[];
  signal: SharedArrayBuffer;
}

/**
 * Takes batches in order and gives their memory back. Waiting blocks the thread (it is the trial worker's, which has
 * nothing else to do), so that a batch is taken without a turn of the event loop.
 */
export class BatchQueue {
  readonly #ports: readonly MessagePort[];
  readonly #cells: Int32Array;
  #next = 0;
  #spare: BatchBuffers | null = null;

  constructor({ ports, signal }: LoaderEnd) {
    this.#ports = ports;
    this.#cells = new Int32Array(signal);
  }

  /** Batches that lie ready. */
  get ready(): number {
    return Atomics.load(this.#cells, signalCells.posted) - this.#next;
  }

  /** Blocks until the next batch is there, and asks its worker for another. Throws where the loader failed. */
  next(): BatchBuffers {
    const port = this.#portOf(this.#next);
    for (;;) {
      const posted = Atomics.load(this.#cells, signalCells.posted);
      const received = receiveMessageOnPort(port)?.message as LoaderMessage | undefined;
      if (received?.kind === 'failure') throw new Error(received.message);
      if (received) {
        this.#next++;
        this.#requestAnother(port);
        return received.buffers;
      }
      if (Atomics.load(this.#cells, signalCells.broken)) throw new Error('a loader worker died');
      Atomics.wait(this.#cells, signalCells.posted, posted);
    }
  }

  /** Takes back the memory of a batch that is no longer in use; it goes out with the next request. */
  giveBack(buffers: BatchBuffers): void {
    this.#spare = buffers;
  }

  #requestAnother(port: MessagePort): void {
    const memory = this.#spare;
    this.#spare = null;
    port.postMessage({ memory } satisfies ConsumerMessage, memory ? [memory.inputs, memory.labels] : []);
  }

  #portOf(batch: number): MessagePort {
    return this.#ports[batch % this.#ports.length]!;
  }
}
