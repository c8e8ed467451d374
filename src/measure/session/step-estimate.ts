import { median, medianInterval95 } from '../../base/statistics.js';
import type { StepEstimate, StepPair } from './messages.js';

/** An interval of the median takes so many pairs. */
const enoughQuiet = 6;

/** Median slope over the pairs that nobody disturbed, or over all of them where too few are quiet. */
export function estimateStep(pairs: readonly StepPair[]): StepEstimate {
  const quiet = pairs.filter(({ noisy }) => !noisy);
  const enough = quiet.length >= enoughQuiet || quiet.length === pairs.length;
  const slopes = (enough ? quiet : pairs).map(({ slopeMs }) => slopeMs);
  return {
    stepMs: median(slopes),
    interval95Ms: medianInterval95(slopes),
    over: enough ? 'quiet pairs' : 'all pairs',
    noisyPairs: pairs.length - quiet.length,
  };
}

/** Whether the interval of the median over quiet pairs is narrow enough: half its width, relative to the median. */
export function hasConverged({ stepMs, interval95Ms, over }: StepEstimate, targetRelativeHalfWidth: number): boolean {
  if (interval95Ms === null || over === 'all pairs') return false;
  const [low, high] = interval95Ms;
  return (high - low) / 2 <= targetRelativeHalfWidth * stepMs;
}
