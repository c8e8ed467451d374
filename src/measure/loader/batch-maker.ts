import { messageOf } from '../../base/errors.js';
import { type SampleDecoder, type SampleShape, sampleDecoder } from '../../data/decode.js';
import { sampleName, type TrainingSet } from '../../data/training-set.js';
import type { StorageMode } from '../storage-mode.js';
import { type SampleBytes, sampleBytes } from './sample-bytes.js';

/** One batch: inputs [samples, elements] (float32 or int64) and labels [samples] (int64). */
export interface BatchBuffers {
  inputs: ArrayBuffer;
  labels: ArrayBuffer;
}

/** Samples that could not be read or decoded; each was replaced by the next of the data set. */
export interface Damage {
  /** Times that a damaged sample was met. */
  count: number;
  /** The first one, and why; null where there was none. */
  first: string | null;
}

/**
 * Samples of a worker that are under way at once: while one is in the image decoder (a thread of libuv's pool), the
 * next is read or the last one normalised.
 */
export const samplesInFlight = 2;

/** Reads, decodes and collates whole batches. */
export class BatchMaker {
  readonly damage: Damage = { count: 0, first: null };
  readonly #set: TrainingSet;
  readonly #bytes: SampleBytes;
  readonly #decoder: SampleDecoder;

  constructor(set: TrainingSet, shape: SampleShape, mode: StorageMode) {
    this.#set = set;
    this.#bytes = sampleBytes(set, mode);
    this.#decoder = sampleDecoder(set, shape);
  }

  buffers(batchSize: number): BatchBuffers {
    const bytesPerElement = this.#decoder.dtype === 'float32' ? 4 : 8;
    return {
      inputs: new ArrayBuffer(batchSize * this.#decoder.elements * bytesPerElement),
      labels: new ArrayBuffer(batchSize * BigInt64Array.BYTES_PER_ELEMENT),
    };
  }

  /** Fills a batch with the samples of these indices. `stopped` is asked between samples and ends the work early. */
  async fill(batch: BatchBuffers, indices: Uint32Array, stopped: () => boolean): Promise<void> {
    const labels = new BigInt64Array(batch.labels);
    let next = 0;
    const lane = async () => {
      while (next < indices.length && !stopped()) {
        const slot = next++;
        const used = await this.#sample(batch.inputs, slot, indices[slot]!);
        labels[slot] = BigInt(this.#set.labels[used]!);
      }
    };
    await Promise.all(Array.from({ length: samplesInFlight }, lane));
  }

  /** Puts sample `index` into `slot`, or the first whole one after it. Returns the index of the one used. */
  async #sample(inputs: ArrayBuffer, slot: number, index: number): Promise<number> {
    for (let step = 0; step < this.#set.samples; step++) {
      const candidate = (index + step) % this.#set.samples;
      try {
        await this.#decoder.decode(await this.#bytes(candidate), inputs, slot);
        return candidate;
      } catch (error) {
        this.damage.count++;
        this.damage.first ??= `${sampleName(this.#set, candidate)}: ${messageOf(error)}`;
      }
    }
    throw new Error(`every sample of ${this.#set.entry.name} is damaged; the first is ${this.damage.first}`);
  }
}
