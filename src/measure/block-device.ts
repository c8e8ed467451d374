import { readFileSync, statSync } from 'node:fs';
import { refusalOf } from '../data/files.js';

/** What a block device has read since boot, or why that cannot be told. */
export type BlockDeviceReads = { bytes: number; reason: null } | { bytes: null; reason: string };

/** A sector of the kernel's statistics, whatever the device's. */
const sectorBytes = 512;

/**
 * Bytes that the block device under `folder` has read according to the kernel (/sys/dev/block/MAJOR:MINOR/stat): that of
 * the partition or mapped device on which the file system lies. File systems without a device of their own (overlay,
 * tmpfs, btrfs, network) have no such counter.
 */
export function blockDeviceReads(folder: string): BlockDeviceReads {
  const { dev } = statSync(folder);
  // The encoding of dev_t in glibc for numbers within 32 bits.
  const [major, minor] = [(dev >>> 8) & 0xfff, (dev & 0xff) | ((dev >>> 12) & 0xfff00)];
  const file = `/sys/dev/block/${major}:${minor}/stat`;
  try {
    const sectorsRead = Number(readFileSync(file, 'utf8').trim().split(/\s+/)[2]);
    return { bytes: sectorsRead * sectorBytes, reason: null };
  } catch (error) {
    return { bytes: null, reason: `the file system of ${folder} has no block device of its own (${refusalOf(error)})` };
  }
}
