import type { GpuDevice, GpuMeasurement } from '../base/native.js';
import { whyUnusable } from './gpu-usable.js';

type Rate = number | null;

/**
 * What a GPU achieved, in one block: `gpu.json` has it, the predictor takes it. Rates in 10^9 per second, each at the median
 * time of its case; null where the case was not measured, failed or gave a wrong answer. docs/gpu.md explains each field.
 */
export interface GpuFingerprint {
  /** Read and written, from and to device memory. */
  memory_gb_per_s: Record<'copy' | 'read' | 'write' | 'triad', Rate>;
  /** Copy over what bus width and memory clock allow. */
  memory_share_of_theory: Rate;
  /** The same kernels on a working set that the L2 cache holds. */
  l2_gb_per_s: Record<'copy' | 'read' | 'write' | 'triad', Rate>;
  /** Copy by working set, the smallest first. */
  copy_by_working_set: { kib: number; gb_per_s: number }[];
  shared_gb_per_s: Rate;
  /** Fused multiply-adds in registers, two operations each. */
  fma_gflop_per_s: Record<'fp64' | 'fp32' | 'fp16', Rate>;
  /** Matrix units fed from registers or shared memory: the best of our own kernels. int8: integer operations. */
  matrix_gflop_per_s: Record<'fp16' | 'bf16' | 'tf32' | 'int8', Rate>;
  /** The best product of cuBLASLt by precision, where that library was found. */
  library_gflop_per_s: Record<string, number>;
  latency_ns: Record<'l1' | 'l2' | 'dram', Rate>;
  /** Additions, in 10^9 per second. */
  atomics_g_per_s: Record<'same_address' | 'spread' | 'shared', Rate>;
  launch_us: {
    /** One of a batch of empty kernels, on the device. */
    empty_kernel: Rate;
    empty_kernel_in_graph: Rate;
    /** From the call to the end of an empty kernel, on the host. */
    latency: Rate;
    /** One of many calls that are not waited for, on the host. */
    back_to_back: Rate;
    event_record: Rate;
    /** From the call to the end of a graph of one empty kernel, and a kernel's share of one of 100, on the host. */
    graph: Rate;
    kernel_of_graph_of_100: Rate;
  };
  transfer_gb_per_s: Record<'h2d_pinned' | 'd2h_pinned' | 'h2d_pageable' | 'd2h_pageable' | 'both_pinned', Rate>;
  training: TrainingRate[];
  /** From the sweep over arithmetic intensity: the greatest rate, the greatest bandwidth, peak / bandwidth. */
  roofline: {
    peak_gflop_per_s: Rate;
    bandwidth_gb_per_s: Rate;
    ridge_flop_per_byte: Rate;
    /** Ascending; share: of the roof that the three above make, min(peak, bandwidth x intensity). */
    points: { flop_per_byte: number; gflop_per_s: number; share_of_roof: number }[];
  };
  /** What the board may draw, W; null without NVML, and of a slice (MIG). */
  power_limit_w: Rate;
  /** Every sample of these was throttled: their rates are those of a card held back. */
  all_throttled: string[];
  /** Cases that give no number, and why. */
  unusable: { case: string; reason: string }[];
}

export interface TrainingRate {
  case: string;
  precision: string;
  gflop_per_s: Rate;
  gb_per_s: Rate;
  /** GEMM: over the best rate of that precision, ours or the library's; else bandwidth over that of `copy`. */
  share_of_ceiling: Rate;
}

const rounded = (value: number): number => Number(value.toPrecision(6));
const orNull = (value: number | null | undefined, scale: number): Rate =>
  value && Number.isFinite(value) ? rounded(value * scale) : null;

/** The largest of the values; null where there is none. */
const best = (values: readonly Rate[]): Rate => {
  const present = values.filter((value) => value !== null);
  return present.length > 0 ? Math.max(...present) : null;
};

const giga = 1e-9;
const bandwidthOf = (found?: GpuMeasurement): Rate => orNull(found?.bytesPerSecond, giga);
const rateOf = (found?: GpuMeasurement): Rate => orNull(found?.operationsPerSecond, giga);
const stepNsOf = (found?: GpuMeasurement): Rate => orNull(found?.nsPerStep, 1);
const stepUsOf = (found?: GpuMeasurement): Rate => orNull(found?.nsPerStep, 1e-3);
const medianUsOf = (found?: GpuMeasurement): Rate => orNull(found?.timeNs?.median, 1e-3);
/** Steps in 10^9 per second. */
const stepRateOf = (found?: GpuMeasurement): Rate => (found?.nsPerStep ? rounded(1 / found.nsPerStep) : null);

/** Works out the block from what was measured on one device. */
export function fingerprintOf(device: GpuDevice, measurements: readonly GpuMeasurement[]): GpuFingerprint {
  const usable = measurements.filter((each) => whyUnusable(each) === null);
  const named = (name: string) => usable.find((each) => each.name === name);
  const inGroup = (group: string, precision?: string) =>
    usable.filter((each) => each.group === group && (precision === undefined || each.precision === precision));
  const streams = (suffix: string) => ({
    copy: bandwidthOf(named(`copy${suffix}`)),
    read: bandwidthOf(named(`read${suffix}`)),
    write: bandwidthOf(named(`write${suffix}`)),
    triad: bandwidthOf(named(`triad${suffix}`)),
  });
  const memory = streams('');
  const fma = {
    fp64: rateOf(named('fma-fp64')),
    fp32: rateOf(named('fma-fp32')),
    fp16: rateOf(named('fma-fp16')),
  };
  const matrixRate = (precision: string) => best(inGroup('matrix', precision).map(rateOf));
  const matrix = {
    fp16: matrixRate('fp16'),
    bf16: matrixRate('bf16'),
    tf32: matrixRate('tf32'),
    int8: matrixRate('int8'),
  };
  const library = libraryRates(usable);
  const ceilings: Record<string, Rate> = { ...fma, ...matrix };
  const ceilingOf = (precision: string): Rate => best([ceilings[precision] ?? null, library[precision] ?? null]);
  const theory = device.theoreticalBytesPerSecond * giga;
  return {
    memory_gb_per_s: memory,
    memory_share_of_theory: memory.copy !== null && theory > 0 ? rounded(memory.copy / theory) : null,
    l2_gb_per_s: streams('-l2'),
    copy_by_working_set: workingSets(usable),
    shared_gb_per_s: bandwidthOf(named('shared-read')),
    fma_gflop_per_s: fma,
    matrix_gflop_per_s: matrix,
    library_gflop_per_s: library,
    latency_ns: {
      l1: stepNsOf(named('latency-l1')),
      l2: stepNsOf(named('latency-l2')),
      dram: stepNsOf(named('latency-dram')),
    },
    atomics_g_per_s: {
      same_address: stepRateOf(named('atomic-same')),
      spread: stepRateOf(named('atomic-spread')),
      shared: stepRateOf(named('atomic-shared')),
    },
    launch_us: {
      empty_kernel: medianUsOf(named('empty-kernel')),
      empty_kernel_in_graph: medianUsOf(named('empty-kernel-graph')),
      latency: medianUsOf(named('launch-latency')),
      back_to_back: stepUsOf(named('launch-rate')),
      event_record: stepUsOf(named('event-record')),
      graph: medianUsOf(named('graph-launch')),
      kernel_of_graph_of_100: stepUsOf(named('graph-launch-100')),
    },
    transfer_gb_per_s: {
      h2d_pinned: bandwidthOf(named('h2d-pinned')),
      d2h_pinned: bandwidthOf(named('d2h-pinned')),
      h2d_pageable: bandwidthOf(named('h2d-pageable')),
      d2h_pageable: bandwidthOf(named('d2h-pageable')),
      both_pinned: bandwidthOf(named('both-pinned')),
    },
    training: inGroup('training').map((each) => trainingRate(each, ceilingOf(each.precision), memory.copy)),
    roofline: rooflineOf(inGroup('roofline')),
    power_limit_w: device.uuid.startsWith('MIG')
      ? null
      : best(usable.map(({ sensors }) => sensors?.powerLimitW ?? null)),
    all_throttled: usable.filter(({ allThrottled }) => allThrottled).map(({ name }) => name),
    unusable: measurements.flatMap((each) => {
      const reason = whyUnusable(each);
      return reason === null ? [] : [{ case: each.name, reason }];
    }),
  };
}

function libraryRates(usable: readonly GpuMeasurement[]): Record<string, number> {
  const rates: Record<string, number> = {};
  for (const each of usable) {
    const rate = each.name.startsWith('cublaslt-') ? rateOf(each) : null;
    if (rate !== null) rates[each.precision] = Math.max(rate, rates[each.precision] ?? 0);
  }
  return rates;
}

function workingSets(usable: readonly GpuMeasurement[]): GpuFingerprint['copy_by_working_set'] {
  const sets = usable.flatMap((each) => {
    const kib = /^copy-(\d+)k$/.exec(each.name)?.[1];
    const rate = bandwidthOf(each);
    return kib === undefined || rate === null ? [] : [{ kib: Number(kib), gb_per_s: rate }];
  });
  return sets.sort((a, b) => a.kib - b.kib);
}

function trainingRate(measured: GpuMeasurement, rateCeiling: Rate, copy: Rate): TrainingRate {
  const [rate, bandwidth] = [rateOf(measured), bandwidthOf(measured)];
  const [achieved, ceiling] = measured.name.startsWith('gemm-') ? [rate, rateCeiling] : [bandwidth, copy];
  return {
    case: measured.name,
    precision: measured.precision,
    gflop_per_s: rate,
    gb_per_s: bandwidth,
    share_of_ceiling: achieved === null || ceiling === null ? null : rounded(achieved / ceiling),
  };
}

/** Williams, Waterman and Patterson, "Roofline", 2009: the ridge is the least intensity that reaches the peak. */
function rooflineOf(sweep: readonly GpuMeasurement[]): GpuFingerprint['roofline'] {
  const peak = best(sweep.map(rateOf));
  const bandwidth = best(sweep.map(bandwidthOf));
  if (peak === null || bandwidth === null) {
    return { peak_gflop_per_s: peak, bandwidth_gb_per_s: bandwidth, ridge_flop_per_byte: null, points: [] };
  }
  const points = sweep.flatMap((each) => {
    const [rate, bytes] = [rateOf(each), bandwidthOf(each)];
    if (rate === null || bytes === null) return [];
    const share = rate / Math.min(peak, (bandwidth * rate) / bytes);
    return [{ flop_per_byte: rounded(rate / bytes), gflop_per_s: rate, share_of_roof: rounded(share) }];
  });
  points.sort((a, b) => a.flop_per_byte - b.flop_per_byte);
  const ridge = rounded(peak / bandwidth);
  return { peak_gflop_per_s: peak, bandwidth_gb_per_s: bandwidth, ridge_flop_per_byte: ridge, points };
}
