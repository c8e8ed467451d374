import type { Row } from '../../base/columns.js';
import { InputError, messageOf } from '../../base/errors.js';
import { deviceTermsOf } from '../../physics/device-terms.js';
import { type Hardware, hardwareOf } from '../../physics/hardware.js';
import { memoryNeededBytes } from '../../physics/memory.js';
import { type Workload, workloadOf } from '../../physics/workload.js';

/** A row as the predictor sees it. Nothing in it was measured on the step that is predicted. */
export interface Case {
  workload: Workload;
  hardware: Hardware;
  /** Values of `deviceTerms`, ms. */
  terms: number[];
  /** Values of `workFeatures`. */
  work: number[];
  /** Values of `deviceFeatures`. */
  device: number[];
}

/** What the correction knows of the work; logarithms of amounts per sample, plain numbers otherwise. */
export const workFeatures = [
  'batch size',
  'input bytes per sample',
  'FLOPs per sample',
  'memory traffic per sample',
  'parameter bytes',
  'kernels',
  'share of the memory needed',
  'optimizer bytes per parameter byte',
  'half precision',
] as const;

/** What the correction knows of the device; logarithms. */
export const deviceFeatures = ['FP32 rate', 'memory bandwidth', 'multiprocessors', 'L2 cache'] as const;

const unknownL2Bytes = 4 * 2 ** 20;

/** Amounts that a row does not say are 0, and stay 0. */
const logOrZero = (amount: number): number => Math.log(Math.max(amount, 1));

function workOf(workload: Workload, hardware: Hardware): number[] {
  const { batchSize, parameterBytes } = workload;
  return [
    Math.log(batchSize),
    logOrZero(workload.inputBytes / batchSize),
    logOrZero(workload.flops / batchSize),
    logOrZero(workload.trafficBytes / batchSize),
    logOrZero(parameterBytes),
    logOrZero(workload.kernels),
    memoryNeededBytes(workload) / hardware.memoryBytes,
    parameterBytes > 0 ? workload.updateBytes / parameterBytes : 0,
    workload.precision === 16 ? 1 : 0,
  ];
}

const deviceOf = (hardware: Hardware): number[] => [
  Math.log(hardware.vectorFlopsPerSecond),
  Math.log(hardware.bytesPerSecond),
  Math.log(hardware.multiprocessors),
  Math.log(hardware.l2Bytes ?? unknownL2Bytes),
];

/** Throws InputError, without saying which record, for a row that says too little of the work or of the device. */
export function caseOf(row: Row): Case {
  const workload = workloadOf(row);
  const hardware = hardwareOf(row);
  return {
    workload,
    hardware,
    terms: deviceTermsOf(workload, hardware),
    work: workOf(workload, hardware),
    device: deviceOf(hardware),
  };
}

/**
 * As `caseOf`, for many; the error names the record, counted from 1.
 * @param before number of records that came before these
 */
export function casesOf(rows: readonly Row[], before = 0): Case[] {
  return rows.map((row, index) => {
    try {
      return caseOf(row);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      throw new InputError(`Record ${before + index + 1}: ${messageOf(error)}; correct the row or leave it out.`, {
        cause: error,
      });
    }
  });
}
