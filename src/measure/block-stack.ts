import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';

/** A block device as sysfs describes it, with the devices that it lies on, down to the disks. */
export interface BlockDevice {
  /** As in /dev: nvme0n1, sda1, dm-0, loop3. */
  name: string;
  kind: 'disk' | 'partition' | 'loop' | 'device-mapper' | 'raid';
  /** Name that a person gave: of a device-mapper volume its name, of a loop device its file; null for others. */
  label: string | null;
  model: string | null;
  bytes: number;
  rotational: boolean | null;
  /** I/O scheduler in use; null where there is none to choose, as for partitions. */
  scheduler: string | null;
  logicalBlockBytes: number | null;
  /** Loop devices: whether the file below is read past the page cache; null for others. */
  backedDirectly: boolean | null;
  on: BlockDevice[];
}

const sysfsBlockBytes = 512;

/**
 * @param device MAJOR:MINOR
 * @param sysfs where sysfs is mounted
 * @returns null where there is no such block device: 0:N stands for file systems without one (overlay, tmpfs, network)
 */
export function blockStack(device: string, sysfs = '/sys'): BlockDevice | null {
  let folder: string;
  try {
    folder = realpathSync(path.join(sysfs, 'dev/block', device));
  } catch {
    return null;
  }
  const isPartition = fact(folder, 'partition') !== null;
  const disk = isPartition ? path.dirname(folder) : folder;
  const backingFile = fact(folder, 'loop/backing_file');
  return {
    name: path.basename(folder),
    kind: kindOf(folder, isPartition),
    label: fact(folder, 'dm/name') ?? backingFile,
    model: fact(disk, 'device/model'),
    bytes: Number(fact(folder, 'size') ?? 0) * sysfsBlockBytes,
    rotational: flag(fact(disk, 'queue/rotational')),
    scheduler: isPartition ? null : chosen(fact(folder, 'queue/scheduler')),
    logicalBlockBytes: numberOrNull(fact(disk, 'queue/logical_block_size')),
    backedDirectly: flag(fact(folder, 'loop/dio')),
    on: below(folder, isPartition, backingFile, sysfs),
  };
}

/** The devices that lie on no other: where the bytes come from. */
export function disksOf(device: BlockDevice): BlockDevice[] {
  return device.on.length === 0 ? [device] : device.on.flatMap(disksOf);
}

/** Bytes that a device has read since boot (its file `stat`); null where it does not say. */
export function readBytesOf(name: string, sysfs = '/sys'): number | null {
  const sectors = fact(path.join(sysfs, 'class/block', name), 'stat')?.split(/\s+/)[2];
  return sectors === undefined ? null : Number(sectors) * sysfsBlockBytes;
}

function kindOf(folder: string, isPartition: boolean): BlockDevice['kind'] {
  if (isPartition) return 'partition';
  if (fact(folder, 'dm/name') !== null) return 'device-mapper';
  if (fact(folder, 'md/level') !== null) return 'raid';
  return path.basename(folder).startsWith('loop') ? 'loop' : 'disk';
}

function below(folder: string, isPartition: boolean, backingFile: string | null, sysfs: string): BlockDevice[] {
  if (isPartition) return present([blockStack(fact(path.dirname(folder), 'dev')!, sysfs)]);
  if (backingFile !== null) return present([deviceOfFile(backingFile, sysfs)]);
  const names = entries(path.join(folder, 'slaves')).sort();
  return present(names.map((name) => blockStack(fact(path.join(folder, 'slaves', name), 'dev') ?? '', sysfs)));
}

/** A file that was deleted since, or lies in another mount namespace, has none that could be found. */
function deviceOfFile(file: string, sysfs: string): BlockDevice | null {
  try {
    return blockStack(deviceNumber(statSync(file).dev), sysfs);
  } catch {
    return null;
  }
}

/** MAJOR:MINOR of a `dev_t` as the C library packs it (sys/sysmacros.h). */
export function deviceNumber(dev: number): string {
  const bits = BigInt(dev);
  const major = ((bits >> 8n) & 0xfffn) | ((bits >> 32n) & 0xfffff000n);
  const minor = (bits & 0xffn) | ((bits >> 12n) & 0xffffff00n);
  return `${major}:${minor}`;
}

function fact(folder: string, name: string): string | null {
  try {
    return readFileSync(path.join(folder, name), 'utf8').trim();
  } catch {
    return null; // this kind of device has no such fact
  }
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

const present = (devices: (BlockDevice | null)[]) => devices.filter((device) => device !== null);
const flag = (text: string | null) => (text === null ? null : text === '1');
const numberOrNull = (text: string | null) => (text === null ? null : Number(text));

/** `[mq-deadline] kyber none` -> mq-deadline. */
const chosen = (text: string | null) => (text === null ? null : (/\[(.+?)\]/.exec(text)?.[1] ?? text));
