import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { BatchBuffers } from './batch-maker.js';
import { type LoaderMessage, signalCells } from './messages.js';

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

  constructor({ ports, signal }: LoaderEnd) {
    this.#ports = ports;
    this.#cells = new Int32Array(signal);
  }

  /** Blocks until the next batch is there. Throws where the loader failed. */
  next(): BatchBuffers {
    const port = this.#portOf(this.#next);
    for (;;) {
      const posted = Atomics.load(this.#cells, signalCells.posted);
      const received = receiveMessageOnPort(port)?.message as LoaderMessage | undefined;
      if (received?.kind === 'failure') throw new Error(received.message);
      if (received) {
        this.#next++;
        return received.buffers;
      }
      if (Atomics.load(this.#cells, signalCells.broken)) throw new Error('a loader worker died');
      Atomics.wait(this.#cells, signalCells.posted, posted);
    }
  }

  /** Gives the batch taken last back to its worker, which then makes another one. */
  consumed(buffers: BatchBuffers): void {
    this.#portOf(this.#next - 1).postMessage(buffers, [buffers.inputs, buffers.labels]);
  }

  #portOf(batch: number): MessagePort {
    return this.#ports[batch % this.#ports.length]!;
  }
}
