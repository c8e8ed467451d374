import { InputError } from '../../base/errors.js';
import { MersenneTwister } from '../../base/random.js';

/**
 * Which samples make up which batch: every epoch is shuffled from its own seed, an incomplete last batch is dropped and
 * the next epoch follows. Every worker computes the same order, so it does not depend on their number.
 */
export class BatchOrder {
  readonly batchesPerEpoch: number;
  readonly #samples: number;
  readonly #batchSize: number;
  readonly #seed: number;
  #epoch = -1;
  #permutation = new Uint32Array(0);

  constructor(samples: number, batchSize: number, seed: number) {
    if (batchSize > samples) {
      throw new InputError(
        `Batch size ${batchSize} is larger than the data set with its ${samples} samples: take a smaller batch or more data.`,
      );
    }
    this.#samples = samples;
    this.#batchSize = batchSize;
    this.#seed = seed;
    this.batchesPerEpoch = Math.floor(samples / batchSize);
  }

  /** Sample indices of batch 0, 1, 2, ... counted over all epochs. */
  indices(batch: number): Uint32Array {
    this.#shuffleFor(Math.floor(batch / this.batchesPerEpoch));
    const start = (batch % this.batchesPerEpoch) * this.#batchSize;
    return this.#permutation.subarray(start, start + this.#batchSize);
  }

  #shuffleFor(epoch: number): void {
    if (epoch === this.#epoch) return;
    const identity = Uint32Array.from({ length: this.#samples }, (_, index) => index);
    this.#permutation = new MersenneTwister((this.#seed + epoch) >>> 0).shuffle(identity);
    this.#epoch = epoch;
  }
}
