/** Statistics of small samples. All functions throw RangeError on an empty sample. */

function requireSamples(samples: ArrayLike<number>): void {
  if (samples.length === 0) throw new RangeError('statistics of an empty sample');
}

export function mean(samples: ArrayLike<number>): number {
  requireSamples(samples);
  let sum = 0;
  for (let i = 0; i < samples.length; i++) sum += samples[i]!;
  return sum / samples.length;
}

/** Sample standard deviation (n - 1); 0 for one sample. */
export function standardDeviation(samples: ArrayLike<number>): number {
  requireSamples(samples);
  if (samples.length === 1) return 0;
  const centre = mean(samples);
  let squares = 0;
  for (let i = 0; i < samples.length; i++) squares += (samples[i]! - centre) ** 2;
  return Math.sqrt(squares / (samples.length - 1));
}

/** Quantile by linear interpolation between order statistics (numpy's default, Hyndman and Fan type 7). */
export function quantile(samples: ArrayLike<number>, probability: number): number {
  requireSamples(samples);
  if (!(probability >= 0 && probability <= 1)) throw new RangeError(`quantile ${probability} is outside [0, 1]`);
  const sorted = Float64Array.from(samples).sort();
  const position = probability * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (position - below) * (sorted[above]! - sorted[below]!);
}

export function median(samples: ArrayLike<number>): number {
  return quantile(samples, 0.5);
}

// Two-sided 95 % points of Student's t for 1..30 degrees of freedom (any table of the distribution); the
// Cornish-Fisher expansion below is within 1e-3 of it beyond.
const student95 = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11,
  2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];

/** Half width of the 95 % confidence interval of the mean (Student's t); 0 for one sample. */
export function meanInterval95(samples: ArrayLike<number>): number {
  requireSamples(samples);
  const freedom = samples.length - 1;
  if (freedom === 0) return 0;
  const z = 1.959964;
  const t = student95[freedom - 1] ?? z + (z ** 3 + z) / (4 * freedom);
  return (t * standardDeviation(samples)) / Math.sqrt(samples.length);
}

/**
 * Half width of the 95 % confidence interval of the mean of correlated samples, by batch means (Law, "Simulation Modeling
 * and Analysis", section 9.5.3): the interval of the means of consecutive blocks. What is left over at the beginning does
 * not count. Throws RangeError where there are fewer than two blocks.
 */
export function blockMeansInterval95(samples: ArrayLike<number>, samplesPerBlock: number): number {
  const blocks = Math.floor(samples.length / samplesPerBlock);
  if (!(blocks >= 2)) throw new RangeError(`${samples.length} samples are not two blocks of ${samplesPerBlock}`);
  const kept = Array.from(samples).slice(-blocks * samplesPerBlock);
  const means = Array.from({ length: blocks }, (_, block) =>
    mean(kept.slice(block * samplesPerBlock, (block + 1) * samplesPerBlock)),
  );
  return meanInterval95(means);
}

/**
 * 95 % confidence interval of the median without assumptions on the distribution: the j-th smallest and j-th largest
 * sample, j as large as the binomial distribution of the number of samples below the median allows (David and Nagaraja,
 * "Order Statistics", 3rd ed., section 7.1). null for fewer than 6 samples, which no pair of order statistics covers.
 */
export function medianInterval95(samples: ArrayLike<number>): [low: number, high: number] | null {
  requireSamples(samples);
  const n = samples.length;
  // Probability that at most `below` of n samples lie under the median; summed in logarithms, since 2^-n underflows.
  let logTerm = -n * Math.LN2;
  let tail = Math.exp(logTerm);
  let below = -1;
  while (tail <= 0.025) {
    below++;
    logTerm += Math.log((n - below) / (below + 1));
    tail += Math.exp(logTerm);
  }
  if (below < 0) return null;
  const sorted = Float64Array.from(samples).sort();
  return [sorted[below]!, sorted[n - 1 - below]!];
}
