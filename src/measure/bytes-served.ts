import type { StorageMeasurement } from '../base/native.js';

/** Who served the bytes of a measurement, by the kernel's counters. */
export interface BytesServed {
  by: 'device' | 'page cache' | 'device and page cache' | 'memory' | 'unknown';
  /** Whose counter is set against ours: of this process's reads, or of the device's for anybody. */
  counter: 'process' | 'device' | null;
  /** The kernel's count less ours, in percent of ours. */
  differencePercent: number | null;
  diskBytes: number | null;
  /** All of it in words. */
  sentence: string;
}

/** Up to here two counts agree, in percent. */
export const agreementPercent = 1;

/** What is known of the place that was read, beside the counters of the measurement itself. */
export interface Surroundings {
  /** The file system keeps its files in memory. */
  memory: boolean;
  /** Read by the disks at the bottom of the device stack meanwhile, for anybody; null where they don't say. */
  diskBytes: number | null;
}

export function bytesServed(
  { account, direct }: Pick<StorageMeasurement, 'account' | 'direct'>,
  { memory, diskBytes }: Surroundings,
): BytesServed {
  const { readBytes, processBytes, deviceBytes } = account;
  const kernelBytes = processBytes ?? deviceBytes;
  const differencePercent = kernelBytes === null ? null : percentOver(kernelBytes, readBytes);
  const counter = kernelBytes === null ? null : processBytes === null ? 'device' : 'process';
  const served = (by: BytesServed['by'], sentence: string): BytesServed => {
    return { by, counter, differencePercent, diskBytes, sentence };
  };

  if (memory) return served('memory', "The file lies in memory: this is the memory's speed, not a device's.");
  if (differencePercent === null || (kernelBytes === 0 && deviceBytes === null && diskBytes === null)) {
    return served('unknown', 'The kernel counts no bytes here (a network, perhaps): a cache may have served them.');
  }
  const shortPercent = Math.max(-differencePercent, diskBytes === null ? 0 : -percentOver(diskBytes, readBytes));
  if (shortPercent <= agreementPercent)
    return served('device', `The device served the bytes: ${words(differencePercent)}.`);
  const unexpected = direct ? ', though O_DIRECT was asked for' : '';
  if (shortPercent >= 100 - agreementPercent) {
    return served(
      'page cache',
      `The page cache served the bytes${unexpected}: this is the memory's speed, not the device's.`,
    );
  }
  return served(
    'device and page cache',
    `The page cache served ${Math.round(shortPercent)} % of the bytes${unexpected}: this is not the device's speed alone.`,
  );
}

const percentOver = (count: number, ours: number) => (ours === 0 ? 0 : (100 * (count - ours)) / ours);

function words(differencePercent: number): string {
  const size = `${Number(Math.abs(differencePercent).toPrecision(2))} %`;
  if (Math.abs(differencePercent) <= agreementPercent)
    return `the kernel's count and ours agree within ${agreementPercent} % (${size})`;
  return `the kernel counted ${size} more than was asked for (read ahead, or where files lie)`;
}
