import type { Family, Row } from '../../base/columns.js';
import { mean, meanInterval95, median, quantile, standardDeviation } from '../../base/statistics.js';
import type { IterationSamples } from '../session/messages.js';

/** Raw samples of a trial's window, one per iteration, ms (losses: dimensionless). */
export interface TrialSamples {
  /** Wait for the loader; for MLP with the hand-over of the batch to the device. */
  loaderMs: number[];
  /** Training step; for CNN and Transformer with the hand-over. */
  computeMs: number[];
  /** Hand-over of the batch to the device, contained in one of the two above. */
  h2dMs: number[];
  losses: number[];
}

/**
 * `orion.md`, section 1: for MLP the copy of the batch to the device counts as loader time. What can be timed apart is the
 * making of tensors around the batch's memory; where a provider then copies to a GPU, it does so within its run, and that
 * stays in the step.
 */
export function trialSamples(family: Family, measured: IterationSamples): TrialSamples {
  const { waitMs, handOverMs, stepMs, losses } = measured;
  const plusHandOver = (times: number[]) => times.map((time, iteration) => time + handOverMs[iteration]!);
  return family === 'mlp'
    ? { loaderMs: plusHandOver(waitMs), computeMs: stepMs, h2dMs: handOverMs, losses }
    : { loaderMs: waitMs, computeMs: plusHandOver(stepMs), h2dMs: handOverMs, losses };
}

/** The timing columns of a record (`orion.md`, section 1) and our statistics beside them. */
export function timingColumns({ loaderMs, computeMs, h2dMs }: TrialSamples): Row {
  const totalMs = loaderMs.map((loader, iteration) => loader + computeMs[iteration]!);
  const loader = mean(loaderMs);
  const compute = mean(computeMs);
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
    ci95_batch_ms: meanInterval95(totalMs),
    h2d_ms: mean(h2dMs),
  };
}
