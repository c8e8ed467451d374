// A loop device over a file, which reads the file past the page cache as we read the device.
import { spawnSync } from 'node:child_process';

/** @returns `path` of the device, or the `reason` why there is none; `detach` may be called more than once */
export function attachLoop(file) {
  const { error, status, stdout, stderr } = spawnSync(
    'losetup',
    ['--find', '--show', '--read-only', '--direct-io=on', file],
    { encoding: 'utf8' },
  );
  if (error || status !== 0) {
    return { reason: `no loop device: ${error?.message ?? stderr.trim()}`, detach: () => {} };
  }
  let path = stdout.trim();
  return {
    path,
    detach: () => {
      if (path) spawnSync('losetup', ['--detach', path]);
      path = '';
    },
  };
}
