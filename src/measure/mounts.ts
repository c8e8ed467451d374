/** Mounted file systems, as /proc/self/mountinfo lists them (proc(5)). */
export interface Mount {
  /** MAJOR:MINOR of the device that `stat` gives for files there; 0:N for file systems without one of their own. */
  device: string;
  point: string;
  fileSystem: string;
  /** What was mounted, e.g. /dev/nvme0n1p2, tmpfs, server:/export. */
  source: string;
}

/** @param mountinfo content of /proc/self/mountinfo */
export function parseMounts(mountinfo: string): Mount[] {
  return mountinfo
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [left, right] = line.split(' - ') as [string, string];
      const [, , device, , point] = left.split(' ');
      const [fileSystem, source] = right.split(' ');
      return { device: device!, point: unescaped(point!), fileSystem: fileSystem!, source: unescaped(source!) };
    });
}

/** The mount that a path lies on: of those that cover it the last one of the longest. Null where none covers it. */
export function mountOf(file: string, mounts: readonly Mount[]): Mount | null {
  let best: Mount | null = null;
  for (const mount of mounts) {
    const covers = file === mount.point || file.startsWith(mount.point.endsWith('/') ? mount.point : `${mount.point}/`);
    if (covers && mount.point.length >= (best?.point.length ?? 0)) best = mount;
  }
  return best;
}

/** Spaces and their like are written as octal numbers. */
const unescaped = (text: string) =>
  text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
