import type { MessagePort } from 'node:worker_threads';
import type { SampleShape } from '../../data/decode.js';
import type { TrainingSet } from '../../data/training-set.js';
import type { StorageMode } from '../storage-mode.js';
import type { BatchBuffers } from './batch-maker.js';

/** What a run of the loader delivers. */
export interface LoaderRequest {
  set: TrainingSet;
  shape: SampleShape;
  batchSize: number;
  workers: number;
  /** Batches that each worker prepares ahead. */
  prefetch: number;
  storage: StorageMode;
  seed: number;
}

/** Commands to a loader worker. `set` is null where it is the one of the command before. */
export type LoaderCommand =
  | {
      kind: 'start';
      request: Omit<LoaderRequest, 'set'> & { set: TrainingSet | null };
      /** This worker makes batches workerIndex, workerIndex + workers, ... */
      workerIndex: number;
      port: MessagePort;
      signal: SharedArrayBuffer;
    }
  | { kind: 'stop' }
  | { kind: 'decodeRate'; set: TrainingSet | null; shape: SampleShape; durationMs: number };

/** From a loader worker to the consumer. */
export type LoaderMessage =
  | { kind: 'batch'; batch: number; buffers: BatchBuffers }
  | { kind: 'failure'; message: string };

/**
 * From the consumer to a loader worker, as soon as a batch was received: make another one (while the device computes),
 * and here is memory of an earlier batch that is no longer in use.
 */
export interface ConsumerMessage {
  memory: BatchBuffers | null;
}

/** Cells of the Int32Array over `signal`. */
export const signalCells = {
  /** Messages posted by all workers; the consumer waits for it to change. */
  posted: 0,
  /** Not 0 when a worker has died: nothing more will come. */
  broken: 1,
  length: 2,
} as const;
