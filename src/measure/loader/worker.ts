import { setImmediate as nextTurn } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import { messageOf } from '../../base/errors.js';
import type { SampleShape } from '../../data/decode.js';
import type { TrainingSet } from '../../data/training-set.js';
import { answerCommands, threadSource } from '../commands.js';
import { type BatchBuffers, BatchMaker } from './batch-maker.js';
import { BatchOrder } from './batch-order.js';
import { type ConsumerMessage, type LoaderCommand, type LoaderMessage, signalCells } from './messages.js';
import type { LoaderTotals } from './totals.js';

/** A loader worker: prepares its share of the batches ahead of the consumer, as many as it has credits for. */

type StartCommand = Extract<LoaderCommand, { kind: 'start' }>;

let lastSet: TrainingSet | null = null;
let stop: (() => Promise<LoaderTotals>) | null = null;

answerCommands<LoaderCommand>(threadSource(parentPort!), (command) => {
  switch (command.kind) {
    case 'start':
      stop = start(command, setOf(command.request.set));
      return null;
    case 'stop':
      return stop?.();
    case 'decodeRate':
      return decodeRate(setOf(command.set), command.shape, command.durationMs);
  }
});

function setOf(sent: TrainingSet | null): TrainingSet {
  lastSet = sent ?? lastSet;
  return lastSet!;
}

function start({ request, workerIndex, port, signal }: StartCommand, set: TrainingSet): () => Promise<LoaderTotals> {
  const cells = new Int32Array(signal);
  const maker = new BatchMaker(set, request.shape, request.storage);
  const order = new BatchOrder(set.samples, request.batchSize, request.seed);
  const spare: BatchBuffers[] = [];
  let credits = request.prefetch;
  let stopped = false;
  let wake = () => {};

  const post = (message: LoaderMessage, memory: ArrayBuffer[]) => {
    port.postMessage(message, memory);
    Atomics.add(cells, signalCells.posted, 1);
    Atomics.notify(cells, signalCells.posted);
  };
  port.on('message', ({ memory }: ConsumerMessage) => {
    if (memory) spare.push(memory);
    credits++;
    wake();
  });

  const produce = async () => {
    for (let batch = workerIndex; ; batch += request.workers) {
      while (credits === 0 && !stopped) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      if (stopped) return;
      credits--;
      // Reading and decoding leave no turn to the messages that give memory back, or end it all.
      await nextTurn();
      if (stopped) return;
      const buffers = spare.pop() ?? maker.buffers(request.batchSize);
      await maker.fill(buffers, order.indices(batch), () => stopped);
      if (stopped) return;
      post({ kind: 'batch', batch, buffers }, [buffers.inputs, buffers.labels]);
    }
  };
  const ended = produce().catch((error) => post({ kind: 'failure', message: messageOf(error) }, []));

  return async () => {
    stopped = true;
    wake();
    await ended;
    port.close();
    return maker.totals;
  };
}

/** Samples per second that this worker decodes and collates when their files are in the page cache. */
async function decodeRate(set: TrainingSet, shape: SampleShape, durationMs: number): Promise<number> {
  const samples = Math.min(set.samples, 32);
  const maker = new BatchMaker(set, shape, 'NVME');
  const buffers = maker.buffers(samples);
  const indices = new BatchOrder(set.samples, samples, 0).indices(0);
  const never = () => false;
  // The first pass brings the files into the page cache and the code up to speed; it is not counted.
  await maker.fill(buffers, indices, never);
  const begin = performance.now();
  let decoded = 0;
  let elapsedMs = 0;
  do {
    await maker.fill(buffers, indices, never);
    decoded += samples;
    elapsedMs = performance.now() - begin;
  } while (elapsedMs < durationMs);
  return (1000 * decoded) / elapsedMs;
}
