import { messageOf } from '../../base/errors.js';
import { noteDamage } from '../../data/damage.js';
import { type SampleDecoder, type SampleShape, sampleDecoder } from '../../data/decode.js';
import { sampleName, type TrainingSet } from '../../data/training-set.js';
import type { StorageMode } from '../storage-mode.js';
import { type SampleSource, sampleSource } from './sample-source.js';
import { type LoaderTotals, noTotals } from './totals.js';

/**
 * One batch: inputs [samples, elements] (float32 or int64) and labels (int64): classes [samples], or target tokens
 * [samples, targetLength + 1].
 */
export interface BatchBuffers {
  inputs: ArrayBuffer;
  labels: ArrayBuffer;
}

/** Samples that the kernel reads ahead of the one that is decoded: a device answers several at once as fast as one. */
const samplesAhead = 8;

/** Reads, decodes and collates whole batches, all of it on the thread that calls: a loader worker stands for one CPU. */
export class BatchMaker {
  readonly totals: LoaderTotals = noTotals();
  readonly #set: TrainingSet;
  readonly #source: SampleSource;
  readonly #decoder: SampleDecoder;

  constructor(set: TrainingSet, shape: SampleShape, mode: StorageMode) {
    this.#set = set;
    this.#source = sampleSource(set, mode, this.totals);
    this.#decoder = sampleDecoder(set, shape);
  }

  buffers(batchSize: number): BatchBuffers {
    const bytesPerElement = this.#decoder.dtype === 'float32' ? 4 : 8;
    return {
      inputs: new ArrayBuffer(batchSize * this.#decoder.elements * bytesPerElement),
      labels: new ArrayBuffer(batchSize * this.#decoder.labelElements * BigInt64Array.BYTES_PER_ELEMENT),
    };
  }

  /** Fills a batch with the samples of these indices. `stopped` is asked between samples and ends the work early. */
  async fill(batch: BatchBuffers, indices: Uint32Array, stopped: () => boolean): Promise<void> {
    const { labels } = this.#set;
    const classes = new BigInt64Array(batch.labels);
    indices.subarray(0, samplesAhead).forEach((index) => {
      this.#source.announce(index);
    });
    for (const [slot, index] of indices.entries()) {
      if (stopped()) return;
      const ahead = indices[slot + samplesAhead];
      if (ahead !== undefined) this.#source.announce(ahead);
      const used = await this.#sample(batch, slot, index);
      if (labels) classes[slot] = BigInt(labels[used]!);
    }
  }

  /** Puts sample `index` into `slot`, or the first whole one after it. Returns the index of the one used. */
  async #sample({ inputs, labels }: BatchBuffers, slot: number, index: number): Promise<number> {
    for (let step = 0; step < this.#set.samples; step++) {
      const candidate = (index + step) % this.#set.samples;
      try {
        await this.#decoder.decode(this.#source.read(candidate), inputs, slot, labels);
        this.totals.samples++;
        return candidate;
      } catch (error) {
        const [name, how] = [sampleName(this.#set, candidate), messageOf(error)];
        noteDamage(this.totals.damage, how.includes(name) ? how : `${name}: ${how}`);
      }
    }
    throw new Error(`every sample of ${this.#set.entry.name} is damaged; the first is ${this.totals.damage.first}`);
  }
}
