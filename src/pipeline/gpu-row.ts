import type { Cell } from '../base/columns.js';
import type { GpuDevice, GpuMeasurement } from '../base/native.js';
import { median } from '../base/statistics.js';

/** Columns of `gpu.csv`. */
export const gpuColumns = [
  'device',
  'gpu_name',
  'case',
  'group',
  'mode',
  'precision',
  'status',
  'reason',
  'median_ns',
  'median_low_ns',
  'median_high_ns',
  'p25_ns',
  'p75_ns',
  'p90_ns',
  'relative_standard_deviation',
  'samples',
  'launches_per_sample',
  'bytes_per_s',
  'operations_per_s',
  'ns_per_step',
  'sm_clock_mhz',
  'throttled_samples',
  'all_throttled',
  'empty_event_ns',
  'answer_correct',
  'answer_error',
  'stopped_because',
] as const;

export type GpuRow = Partial<Record<(typeof gpuColumns)[number], Cell>>;

/** Rates of what a case does not do are empty, and so is all of a case of which nothing was sampled. */
export const gpuRow = (device: GpuDevice, m: GpuMeasurement): GpuRow => ({
  device: device.index,
  gpu_name: device.name,
  case: m.name,
  group: m.group,
  mode: m.mode,
  precision: m.precision || null,
  status: m.status,
  reason: m.reason || null,
  ...(m.timeNs ? timesOf(m, m.timeNs) : {}),
  answer_correct: isChecked(m) ? (m.answer?.correct ?? null) : null,
  answer_error: isChecked(m) ? (m.answer?.error ?? null) : null,
  stopped_because: m.stoppedBecause || null,
});

/** Nobody knows what a kernel of the user's should have answered. */
const isChecked = ({ status, outputs }: GpuMeasurement): boolean => status === 'ok' && outputs === undefined;

const timesOf = (m: GpuMeasurement, timeNs: NonNullable<GpuMeasurement['timeNs']>): GpuRow => ({
  median_ns: timeNs.median,
  median_low_ns: m.medianIntervalNs?.[0] ?? null,
  median_high_ns: m.medianIntervalNs?.[1] ?? null,
  p25_ns: timeNs.p25,
  p75_ns: timeNs.p75,
  p90_ns: timeNs.p90,
  relative_standard_deviation: timeNs.relativeStandardDeviation,
  samples: m.samplesNs?.length ?? timeNs.count,
  launches_per_sample: m.launchesPerSample ?? null,
  bytes_per_s: m.bytesPerSecond || null,
  operations_per_s: m.operationsPerSecond || null,
  ns_per_step: m.nsPerStep || null,
  sm_clock_mhz: medianMHz(m.smClockHz ?? []),
  throttled_samples: m.throttled?.length ?? 0,
  all_throttled: m.allThrottled ?? false,
  empty_event_ns: m.emptyEventNs ?? null,
});

/** Of the samples whose clock is known. */
function medianMHz(clocksHz: readonly (number | null)[]): number | null {
  const known = clocksHz.filter((clock) => clock !== null);
  return known.length > 0 ? median(known) / 1e6 : null;
}
