import type { GpuMeasurement } from '../base/native.js';

/**
 * Why a case gives no number: it failed, this device cannot run it, or its answer was wrong, and a wrong answer's speed is
 * none. null where it can be used.
 */
export function whyUnusable({ status, reason, answer, timeNs }: GpuMeasurement): string | null {
  if (status !== 'ok') return `${status}: ${reason}`;
  if (answer?.correct === false) {
    return `wrong answer: off by ${answer.error ?? 'NaN'}, and ${answer.tolerance} is allowed`;
  }
  return timeNs ? null : 'nothing was sampled';
}

/** Whether something went wrong; a case that this device cannot run did not. */
export const hasFailed = (measurement: GpuMeasurement): boolean =>
  measurement.status !== 'skipped' && whyUnusable(measurement) !== null;
