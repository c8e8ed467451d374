import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { type BlockDevice, blockStack, deviceNumber } from './block-stack.js';
import { type Mount, mountOf, parseMounts } from './mounts.js';

/** Where the bytes of a target lie. */
export interface StorageFacts {
  /** Of the mount that a file or folder lies on; null for a block device. */
  fileSystem: string | null;
  mountPoint: string | null;
  /** With all that it lies on; null for file systems without a block device (overlay, tmpfs, network). */
  device: BlockDevice | null;
  /** Of a block device: who else uses it, so that it may be busy meanwhile; empty for files. */
  inUse: string[];
}

/** @param target a file, folder or block device that is there */
export function storageFacts(target: string): StorageFacts {
  const mounts = parseMounts(readFileSync('/proc/self/mountinfo', 'utf8'));
  const facts = statSync(target);
  if (facts.isBlockDevice()) {
    const device = blockStack(deviceNumber(facts.rdev));
    return { fileSystem: null, mountPoint: null, device, inUse: device ? usesOf(device, mounts) : [] };
  }
  const mount = mountOf(realpathSync(target), mounts);
  return {
    fileSystem: mount?.fileSystem ?? null,
    mountPoint: mount?.point ?? null,
    device: blockStack(deviceNumber(facts.dev)) ?? deviceMounted(mount),
    inUse: [],
  };
}

/** File systems of several volumes (btrfs) give their files device numbers of their own. */
function deviceMounted(mount: Mount | null): BlockDevice | null {
  if (!mount?.source.startsWith('/dev/')) return null;
  const facts = statSync(mount.source, { throwIfNoEntry: false });
  return facts?.isBlockDevice() ? blockStack(deviceNumber(facts.rdev)) : null;
}

/** @returns sentences' parts: `mounted at /data`, `sda1 is mounted at /`, `held by dm-0` */
export function usesOf(device: BlockDevice, mounts: readonly Mount[], sysfs = '/sys'): string[] {
  const folder = path.join(sysfs, 'class/block', device.name);
  const partitions = readdirSync(folder).filter((name) => name.startsWith(device.name));
  return [device.name, ...partitions].flatMap((name) => {
    const place = path.join(sysfs, 'class/block', name);
    const number = readFileSync(path.join(place, 'dev'), 'utf8').trim();
    const subject = name === device.name ? '' : `${name} is `;
    const mountedAt = mounts
      .filter((mount) => mount.device === number)
      .map((mount) => `${subject}mounted at ${mount.point}`);
    return [...mountedAt, ...readdirSync(path.join(place, 'holders')).map((holder) => `${subject}held by ${holder}`)];
  });
}
