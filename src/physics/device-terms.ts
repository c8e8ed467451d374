import { type Hardware, sustainedMatrixRate } from './hardware.js';
import type { Workload } from './workload.js';

/** Terms of an estimate that takes a step as a whole, and of one that takes it by class of operator. */
export const wholeStepTerms = ['roofline', 'vector'] as const;
export const classRooflines = ['matrix', 'convolution', 'pointwise'] as const;
export const classTerms = [...classRooflines, 'undivided'] as const;

/** The parts of a device step; each a time in ms that is multiplied by a fitted, non-negative coefficient. */
export const deviceTerms = [
  ...wholeStepTerms,
  ...classTerms,
  'refill',
  'launch',
  'idle',
  'iteration',
  'update',
] as const;
export type DeviceTerm = (typeof deviceTerms)[number];

/** Cache that `refill` is written for; bytes. */
const referenceL2Bytes = 4 * 2 ** 20;
/** Operations per byte refetched with that cache. */
const refillIntensity = 32;
const launchMs = 0.01;
const iterationMs = 1;
/** Of kernels, those that are products: one in three. */
const productShare = 1 / 3;
/** Operations of a multiprocessor's part of a product, 128 x 128 outputs of 512 products each. */
const tileFlops = 2 * 128 * 128 * 512;

const ms = (seconds: number): number => seconds * 1000;

/**
 * Seconds of arithmetic and of memory traffic that overlap, but not perfectly: (a^p + m^p)^(1/p), p = 1.5. With p = 1 they
 * would take turns, with infinity overlap wholly (the plain roofline).
 */
function overlapped(arithmetic: number, memory: number): number {
  if (arithmetic === 0) return memory;
  const root = Math.cbrt(arithmetic * Math.sqrt(arithmetic) + memory * Math.sqrt(memory));
  return root * root;
}

/**
 * Seconds in which multiprocessors have nothing to do, of a step's products: they are dealt out in waves, and the last one
 * is half full on average; a product of less than one wave leaves the rest idle.
 */
function idleSeconds({ flops, kernels }: Workload, multiprocessors: number, flopsPerSecond: number): number {
  if (kernels === 0) return 0;
  const waveFlops = multiprocessors * tileFlops;
  const products = kernels * productShare;
  const waves = flops / products / waveFlops;
  return (products * Math.max(1 / 2, 1 - waves) * waveFlops) / flopsPerSecond;
}

/**
 * Values of `deviceTerms`, in their order:
 * - roofline: (arithmetic^1.5 + memory^1.5)^(2/3), arithmetic = FLOPs / sustained matrix rate, memory = bytes / bandwidth
 *   (Williams, Waterman and Patterson, "Roofline", 2009, with an exponent for the overlap that is not perfect);
 * - vector: arithmetic of normalisations and activations, one operation per byte moved, at the vector rate;
 * - matrix, convolution: rooflines of these classes alone; pointwise: that of all others, at the vector rate, with
 *   embeddings, which only move bytes; undivided: vector, of a step that does not tell its classes apart, else 0;
 * - refill: operands that a blocked product fetches again, FLOPs / sqrt(cache) (Hong and Kung, "I/O complexity", 1981);
 * - launch: 10 us per kernel; iteration: 1 ms per step; both scale their coefficient;
 * - idle: multiprocessors without work in the last wave of a product;
 * - update: bytes that the optimizer moves / bandwidth.
 */
export function deviceTermsOf(workload: Workload, hardware: Hardware): number[] {
  const matrixRate = sustainedMatrixRate(hardware, workload);
  const { bytesPerSecond, vectorFlopsPerSecond } = hardware;
  const { matrix, convolution, pointwise, embedding } = workload.classes;
  const vectorMs = ms(workload.trafficBytes / vectorFlopsPerSecond);
  const refillBytes =
    (workload.flops / refillIntensity) * Math.sqrt(referenceL2Bytes / (hardware.l2Bytes ?? referenceL2Bytes));
  return [
    ms(overlapped(workload.flops / matrixRate, workload.trafficBytes / bytesPerSecond)),
    vectorMs,
    ms(overlapped(matrix.flops / matrixRate, matrix.bytes / bytesPerSecond)),
    ms(overlapped(convolution.flops / matrixRate, convolution.bytes / bytesPerSecond)),
    ms(
      overlapped(pointwise.flops / vectorFlopsPerSecond, pointwise.bytes / bytesPerSecond) +
        embedding.bytes / bytesPerSecond,
    ),
    workload.divided ? 0 : vectorMs,
    ms(refillBytes / bytesPerSecond),
    workload.kernels * launchMs,
    ms(idleSeconds(workload, hardware.multiprocessors, matrixRate)),
    iterationMs,
    ms(workload.updateBytes / bytesPerSecond),
  ];
}

/** The plain roofline in ms: the greater of FLOPs / peak rate and bytes / bandwidth; nothing fitted. */
export function plainRooflineMs(workload: Workload, hardware: Hardware): number {
  const peak = workload.precision === 16 ? hardware.halfMatrixFlopsPerSecond : hardware.matrixFlopsPerSecond;
  return ms(Math.max(workload.flops / peak, workload.trafficBytes / hardware.bytesPerSecond));
}
