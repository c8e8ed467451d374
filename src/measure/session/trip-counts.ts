/** Steps between the two runs of a pair take so long, or longer: far above the clock and the ticks of CPU accounting. */
const leastDifferenceMs = 300;
/** Fewer steps would be lost in the noise of one run; more would let the training wander off. */
const leastSteps = 3;
const mostSteps = 128;

/**
 * The trip counts of the two runs of a pair. Their difference takes 0.3 s or twice the fixed cost of a run, whichever is
 * longer, within 3 to 128 steps: short steps need many, and noise in the fixed cost must not reach the slope.
 */
export function tripCounts(stepMs: number, runOverheadMs: number): readonly [short: number, long: number] {
  const steps = Math.ceil(Math.max(leastDifferenceMs, 2 * runOverheadMs) / stepMs);
  return [1, 1 + Math.min(mostSteps, Math.max(leastSteps, steps))];
}
