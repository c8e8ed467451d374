import { spawnSync } from 'node:child_process';
import type { Test } from 'tap';

/**
 * A block device over a file, detached when the test ends; or why there is none (it takes root and a kernel with loop
 * devices).
 * @param options of losetup, e.g. --read-only
 */
export function loopDevice(
  t: Test,
  file: string,
  ...options: string[]
): { device: string; refused: null } | { device: null; refused: string } {
  const { error, status, stdout, stderr } = spawnSync('losetup', ['--find', '--show', ...options, file], {
    encoding: 'utf8',
  });
  if (error || status !== 0) return { device: null, refused: `no loop device: ${error?.message ?? stderr.trim()}` };
  const device = stdout.trim();
  t.teardown(() => spawnSync('losetup', ['--detach', device]));
  return { device, refused: null };
}
