import { type Hardware, sustainedMatrixRate } from './hardware.js';
import type { Workload } from './workload.js';

/** The parts of a device step; each a time in ms that is multiplied by a fitted, non-negative coefficient. */
export const deviceTerms = ['roofline', 'refill', 'elementwise', 'launch', 'iteration', 'update'] as const;
export type DeviceTerm = (typeof deviceTerms)[number];

/** Between 1 (arithmetic and memory take turns) and infinity (they overlap wholly: the plain roofline). */
const overlapExponent = 1.5;
/** Cache that `refill` is written for; bytes. */
const referenceL2Bytes = 4 * 2 ** 20;
/** Operations per byte refetched with that cache. */
const refillIntensity = 32;
const launchMs = 0.01;
const iterationMs = 1;

const ms = (seconds: number): number => seconds * 1000;

/**
 * Values of `deviceTerms`, in their order:
 * - roofline: (arithmetic^p + memory^p)^(1/p), arithmetic = FLOPs / sustained matrix rate, memory = bytes / bandwidth
 *   (Williams, Waterman and Patterson, "Roofline", 2009, with p for the overlap that is not perfect);
 * - refill: operands that a blocked product fetches again, FLOPs / sqrt(cache) (Hong and Kung, "I/O complexity", 1981);
 * - elementwise: arithmetic of normalisations and activations, one operation per byte moved, at the vector rate;
 * - launch: 10 us per kernel; iteration: 1 ms per step; both scale their coefficient;
 * - update: bytes that the optimizer moves / bandwidth.
 */
export function deviceTermsOf(workload: Workload, hardware: Hardware): number[] {
  const arithmetic = workload.flops / sustainedMatrixRate(hardware, workload);
  const memory = workload.trafficBytes / hardware.bytesPerSecond;
  const refillBytes =
    (workload.flops / refillIntensity) * Math.sqrt(referenceL2Bytes / (hardware.l2Bytes ?? referenceL2Bytes));
  return [
    ms((arithmetic ** overlapExponent + memory ** overlapExponent) ** (1 / overlapExponent)),
    ms(refillBytes / hardware.bytesPerSecond),
    ms(workload.trafficBytes / hardware.vectorFlopsPerSecond),
    workload.kernels * launchMs,
    iterationMs,
    ms(workload.updateBytes / hardware.bytesPerSecond),
  ];
}

/** The plain roofline in ms: the greater of FLOPs / peak rate and bytes / bandwidth; nothing fitted. */
export function plainRooflineMs(workload: Workload, hardware: Hardware): number {
  const peak = workload.precision === 16 ? hardware.halfMatrixFlopsPerSecond : hardware.matrixFlopsPerSecond;
  return ms(Math.max(workload.flops / peak, workload.trafficBytes / hardware.bytesPerSecond));
}
