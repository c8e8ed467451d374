import { InputError } from '../base/errors.js';
import { MersenneTwister } from '../base/random.js';

/** What is held out together: single rows, as in the paper, or all rows of a configuration. */
export const foldUnits = ['row', 'group'] as const;
export type FoldUnit = (typeof foldUnits)[number];

/** One split of the rows; indexes ascend. */
export interface Fold {
  name: number | string;
  training: Uint32Array;
  heldOut: Uint32Array;
}

/** A fold for each name: it holds out the rows that `foldOf` gives its place in `names`; others are only learnt from. */
export function foldsOf(names: readonly (number | string)[], foldOf: ArrayLike<number>): Fold[] {
  const rows = foldOf.length;
  return names.map((name, fold) => {
    let count = 0;
    for (let row = 0; row < rows; row++) if (foldOf[row] === fold) count++;
    const heldOut = new Uint32Array(count);
    const training = new Uint32Array(rows - count);
    for (let row = 0, held = 0; row < rows; row++) {
      if (foldOf[row] === fold) heldOut[held++] = row;
      else training[row - held] = row;
    }
    return { name, training, heldOut };
  });
}

/** The fold of each of `count` things: a shuffled order cut into runs, the first `count % folds` of them one longer. */
function assign(count: number, folds: number, seed: number): Uint32Array {
  const order = new MersenneTwister(seed).shuffle(Uint32Array.from({ length: count }, (_, index) => index));
  const foldOf = new Uint32Array(count);
  for (let fold = 0, start = 0; fold < folds; fold++) {
    const end = start + Math.floor(count / folds) + (fold < count % folds ? 1 : 0);
    for (; start < end; start++) foldOf[order[start]!] = fold;
  }
  return foldOf;
}

function requireFolds(folds: number, count: number, things: string): void {
  if (!Number.isInteger(folds) || folds < 2) {
    throw new InputError(`${folds} folds were asked for: cross-validation needs a whole number of at least 2.`);
  }
  if (count < folds) {
    throw new InputError(`${count} ${things} are too few for ${folds} folds: measure more, or ask for fewer folds.`);
  }
}

const numbered = (folds: number): number[] => Array.from({ length: folds }, (_, fold) => fold);

/**
 * The folds of scikit-learn's `KFold(folds, shuffle=True, random_state=seed)`, index by index.
 * Throws InputError for fewer than 2 folds or fewer rows than folds.
 */
export function kFold(rows: number, folds: number, seed: number): Fold[] {
  requireFolds(folds, rows, 'records');
  return foldsOf(numbered(folds), assign(rows, folds, seed));
}

/**
 * As `kFold`, with groups in the place of rows: those of a group are held out together.
 * @param groupOf of each row: 0 to `groups` - 1
 */
export function groupedKFold(groupOf: Uint32Array, groups: number, folds: number, seed: number): Fold[] {
  requireFolds(folds, groups, 'configurations');
  const foldOfGroup = assign(groups, folds, seed);
  return foldsOf(
    numbered(folds),
    groupOf.map((group) => foldOfGroup[group]!),
  );
}
