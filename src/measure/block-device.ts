import { nativeStatus } from '../base/native.js';

/** What a block device has read since boot, or why that cannot be told. */
export type BlockDeviceReads = { bytes: number; reason: null } | { bytes: null; reason: string };

/**
 * Bytes that the block device under `folder` has read according to the kernel (/sys/dev/block/MAJOR:MINOR/stat): that of
 * the partition or mapped device on which the file system lies. Throws InputError where there is no such folder.
 */
export function blockDeviceReads(folder: string): BlockDeviceReads {
  const { addon, reason } = nativeStatus();
  if (!addon) return { bytes: null, reason: `the addon could not be loaded (${reason})` };
  const bytes = addon.storage.deviceReadBytes(folder);
  if (bytes !== null) return { bytes, reason: null };
  return {
    bytes: null,
    reason: `the file system of ${folder} has no block device of its own (overlay, tmpfs, btrfs, network)`,
  };
}
