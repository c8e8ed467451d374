import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** A file system of a few pages in memory, which can be full. */
export class SmallDisk {
  readonly folder: string;
  readonly #ballast: string;

  private constructor(folder: string) {
    this.folder = folder;
    this.#ballast = path.join(folder, 'ballast');
  }

  /** Mounts one, which takes a privileged user, or tells why that cannot be done here. */
  static mount(bytes: number): { disk: SmallDisk; skip: false } | { disk: null; skip: string } {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'orion-disk-'));
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'none', folder], { encoding: 'utf8' });
    if (mounted.status === 0) return { disk: new SmallDisk(folder), skip: false };
    rmSync(folder, { recursive: true });
    const why = mounted.stderr?.trim() || mounted.error?.message;
    return { disk: null, skip: `no small disk can be mounted here (as root it could): ${why}` };
  }

  /** Fills it but for so many bytes, in whole pages. */
  leave(bytes: number): void {
    this.free();
    const { bavail, bsize } = statfsSync(this.folder);
    writeFileSync(this.#ballast, Buffer.alloc(bavail * bsize - bytes));
  }

  free(): void {
    rmSync(this.#ballast, { force: true });
  }

  unmount(): void {
    spawnSync('umount', [this.folder]);
    rmSync(this.folder, { recursive: true });
  }
}
