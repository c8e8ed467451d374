import type { Frame } from '../frame.js';
import { skewness } from '../statistics.js';

const skewedAbove = 1;

function isCandidate(values: Float64Array): boolean {
  const present = values.filter((value) => !Number.isNaN(value));
  const binary = present.every((value) => value === 0 || value === 1);
  return !binary && present.every((value) => value >= 0) && skewness(present) > skewedAbove;
}

/** Step 6: log(1 + x) of every skewed, non-negative, non-binary column so far, behind the others. */
export function addLogarithms(frame: Frame): void {
  for (const name of frame.names) {
    if (isCandidate(frame.get(name)!)) frame.derive(`log1p__${name}`, [name], Math.log1p);
  }
}
