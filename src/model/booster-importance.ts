import type { NativeBooster } from '../base/native.js';

/** How much a model owes to a column, as XGBoost's `get_score` defines it. */
export interface ColumnImportance {
  column: number;
  /** Splits by the column. */
  weight: number;
  /** Mean reduction of the loss by them. */
  gain: number;
  /** Mean number of training rows that they part. */
  cover: number;
}

/** Of every column that a split uses, the largest gain first; of equal gains the lower column. */
export function featureImportance(booster: NativeBooster): ColumnImportance[] {
  const { leftChild, column, gain, cover } = booster.dump();
  const sums = new Map<number, ColumnImportance>();
  for (let node = 0; node < leftChild.length; node++) {
    if (leftChild[node]! < 0) continue;
    const sum = sums.get(column[node]!) ?? { column: column[node]!, weight: 0, gain: 0, cover: 0 };
    sum.weight += 1;
    sum.gain += gain[node]!;
    sum.cover += cover[node]!;
    sums.set(sum.column, sum);
  }
  return [...sums.values()]
    .map((sum) => ({ ...sum, gain: sum.gain / sum.weight, cover: sum.cover / sum.weight }))
    .sort((a, b) => b.gain - a.gain || a.column - b.column);
}
