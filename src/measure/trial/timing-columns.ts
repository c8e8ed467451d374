import type { Family, Row } from '../../base/columns.js';
import { mean, median, quantile, standardDeviation } from '../../base/statistics.js';
import { batchTimeInterval95 } from '../session/batch-interval.js';
import type { IterationSamples } from '../session/messages.js';

/** Raw samples of a trial's window, one per iteration, ms (losses: dimensionless). */
export interface TrialSamples {
  /** Wait for the loader; for MLP with the hand-over of the batch to the device. */
  loaderMs: number[];
  /** Training step; for CNN and Transformer with the hand-over. */
  computeMs: number[];
  /** Hand-over of the batch to the device, contained in one of the two above. */
  h2dMs: number[];
  /** Empty where nothing was computed. */
  losses: number[];
}

/**
 * `orion.md`, section 1: for MLP the copy of the batch to the device counts as loader time. What the hand-over contains on
 * which provider is said at `IterationSamples`; on CUDA the copy cannot be timed apart and stays in the step.
 */
export function trialSamples(family: Family, measured: IterationSamples): TrialSamples {
  const { waitMs, handOverMs, stepMs, losses } = measured;
  const plusHandOver = (times: number[]) => times.map((time, iteration) => time + handOverMs[iteration]!);
  return family === 'mlp'
    ? { loaderMs: plusHandOver(waitMs), computeMs: stepMs, h2dMs: handOverMs, losses }
    : { loaderMs: waitMs, computeMs: plusHandOver(stepMs), h2dMs: handOverMs, losses };
}

/**
 * The timing columns of a record (`orion.md`, section 1) and our statistics beside them. The interval is that of
 * `batchTimeInterval95`; one iteration has none.
 */
export function timingColumns({ loaderMs, computeMs, h2dMs }: TrialSamples, workers: number): Row {
  const totalMs = loaderMs.map((loader, iteration) => loader + computeMs[iteration]!);
  const loader = mean(loaderMs);
  const compute = mean(computeMs);
  const interval = batchTimeInterval95(totalMs, workers);
  return {
    avg_batch_time_ms: mean(totalMs),
    p90_batch_time_ms: quantile(totalMs, 0.9),
    T_gpu_ms: compute,
    T_cpu_io_ms: loader,
    T_step_ms: Math.max(compute, loader),
    loader_ratio: loader / (loader + compute),
    bottleneck: compute > loader ? 'gpu' : 'host',
    p50_batch_time_ms: median(totalMs),
    std_batch_ms: standardDeviation(totalMs),
    ci95_batch_ms: Number.isFinite(interval) ? interval : null,
    h2d_ms: mean(h2dMs),
  };
}
