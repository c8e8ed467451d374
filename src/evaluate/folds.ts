import { InputError } from '../base/errors.js';
import { MersenneTwister } from '../base/random.js';

/** One split of the rows; indexes ascend. */
export interface Fold {
  name: number | string;
  training: Uint32Array;
  heldOut: Uint32Array;
}

/** The split that holds out the rows in `chosen`. */
export function splitOff(name: number | string, rows: number, chosen: ReadonlySet<number>): Fold {
  const all = Uint32Array.from({ length: rows }, (_, row) => row);
  return {
    name,
    training: all.filter((row) => !chosen.has(row)),
    heldOut: all.filter((row) => chosen.has(row)),
  };
}

/**
 * The folds of scikit-learn's `KFold(folds, shuffle=True, random_state=seed)`, index by index: a shuffled order cut
 * into runs, the first `rows % folds` of them one longer.
 * Throws InputError for fewer than 2 folds or fewer rows than folds.
 */
export function kFold(rows: number, folds: number, seed: number): Fold[] {
  if (!Number.isInteger(folds) || folds < 2) {
    throw new InputError(`${folds} folds were asked for: cross-validation needs a whole number of at least 2.`);
  }
  if (rows < folds) {
    throw new InputError(`${rows} records are too few for ${folds} folds: measure more, or ask for fewer folds.`);
  }
  const order = new MersenneTwister(seed).shuffle(Uint32Array.from({ length: rows }, (_, row) => row));
  let start = 0;
  return Array.from({ length: folds }, (_, fold) => {
    const length = Math.floor(rows / folds) + (fold < rows % folds ? 1 : 0);
    const chosen = new Set(order.subarray(start, start + length));
    start += length;
    return splitOff(fold, rows, chosen);
  });
}
