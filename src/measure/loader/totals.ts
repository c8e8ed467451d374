import { type Damage, noDamage, noteDamage } from '../../data/damage.js';

/** What a run of the loader did, the batches included that nobody took. */
export interface LoaderTotals {
  /** Samples that could not be read or decoded, as often as they were met; each was replaced by the next of the set. */
  damage: Damage;
  /** Bytes of samples read from files; 0 for a set that is held in memory and read from there. */
  bytesRead: number;
  /** Samples that were prepared. */
  samples: number;
}

export const noTotals = (): LoaderTotals => ({ damage: noDamage(), bytesRead: 0, samples: 0 });

/** The totals of several workers together. */
export function sumTotals(parts: readonly LoaderTotals[]): LoaderTotals {
  const sum = noTotals();
  for (const { damage, bytesRead, samples } of parts) {
    if (damage.first !== null) noteDamage(sum.damage, damage.first, damage.count);
    sum.bytesRead += bytesRead;
    sum.samples += samples;
  }
  return sum;
}
