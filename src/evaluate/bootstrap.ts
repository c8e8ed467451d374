import { MersenneTwister } from '../base/random.js';
import { quantile } from '../base/statistics.js';
import type { ErrorSample, Errors } from './metrics.js';

export type Interval = readonly [low: number, high: number];

export const resamples = 1000;

/** How often each cluster is drawn, for each resample. */
export function drawClusters(clusters: number, seed: number): Uint32Array[] {
  const random = new MersenneTwister(seed);
  return Array.from({ length: resamples }, () => {
    const times = new Uint32Array(clusters);
    for (let draw = 0; draw < clusters; draw++) times[random.interval(clusters - 1)]!++;
    return times;
  });
}

/**
 * 95 % percentile intervals of the metrics by the cluster bootstrap (Davison and Hinkley, "Bootstrap Methods and their
 * Application", section 3.8): whole clusters are drawn, since the rows of one are not independent. NaN where there is but
 * one cluster, which says nothing of the spread.
 * @param clusterOf of each row of the sample, into the draws
 */
export function bootstrapIntervals(
  sample: ErrorSample,
  clusterOf: ArrayLike<number>,
  draws: readonly Uint32Array[],
): Errors<Interval> {
  const drawn = draws.map((times) => sample.metrics((row) => times[clusterOf[row]!]!));
  const interval = (metric: keyof Errors): Interval => {
    const values = drawn.map((errors) => errors[metric]);
    if (draws[0]!.length < 2 || values.some(Number.isNaN)) return [Number.NaN, Number.NaN];
    return [quantile(values, 0.025), quantile(values, 0.975)];
  };
  return {
    rmseMs: interval('rmseMs'),
    maeMs: interval('maeMs'),
    mapePercent: interval('mapePercent'),
    medianApePercent: interval('medianApePercent'),
    biasMs: interval('biasMs'),
  };
}
