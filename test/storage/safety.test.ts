import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { nativeStatus } from '#src/base/native.js';
import { packageRoot } from '#src/base/package.js';
import { loopDevice } from '../support/loop-device.js';

const { reason } = nativeStatus();
const hasStrace = spawnSync('strace', ['-V']).status === 0;
const skip = reason ? `no addon: ${reason}` : !hasStrace && 'no strace';

/** System calls that change what a descriptor stands for, or could. */
const changing =
  /^(write|pwrite|fallocate|ftruncate|truncate|copy_file_range|sendfile|splice|fsync|fdatasync|sync_file)/;
const askingIoctls = ['BLKGETSIZE64', 'BLKSSZGET'];

for (const engine of ['uring', 'psync']) {
  t.test(
    `${engine}: a run on a device opens it for reading only and asks nothing of it but reads`,
    { skip },
    async (t) => {
      const folder = t.testdir({});
      const backing = path.join(folder, 'backing');
      const content = Buffer.alloc(8 * 2 ** 20, 7);
      writeFileSync(backing, content);
      const { device, refused } = loopDevice(t, backing);
      if (refused !== null) {
        t.plan(0, refused);
        return;
      }
      const log = path.join(folder, 'calls');
      const cli = path.join(packageRoot, 'dist/cli/bin.cjs');
      const command = [
        'storage',
        device,
        '--engine',
        engine,
        '--time',
        '0.1',
        '--quiet',
        '--out',
        path.join(folder, 'out'),
      ];
      // Descriptors with their paths (-y), so that each call tells whether it concerns the target.
      const { status, stderr } = spawnSync(
        'strace',
        ['-f', '-y', '-e', 'trace=%file,%desc,io_uring_register', '-o', log, process.execPath, cli, ...command],
        { encoding: 'utf8', maxBuffer: 1 << 26 },
      );
      if (/ptrace|not permitted/i.test(stderr)) {
        t.plan(0, `strace is not permitted here: ${stderr.trim()}`);
        return;
      }
      t.equal(status, 0, stderr);

      const calls = readFileSync(log, 'utf8')
        .split('\n')
        .map((line) => line.replace(/^\d+ +/, ''));
      const onTarget = calls.filter((call) => call.includes(`"${device}"`) || call.includes(`<${device}>`));
      const opens = onTarget.filter((call) => /^open/.test(call) && call.includes(`"${device}"`));
      t.ok(opens.length >= 2, 'the log holds the opens of the target');
      for (const open of opens) {
        t.match(open, /O_RDONLY/);
        t.notMatch(open, /O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND|O_EXCL/);
      }
      t.same(
        onTarget.filter((call) => changing.test(call)),
        [],
      );
      const ioctls = onTarget.filter((call) => call.startsWith('ioctl(')).map((call) => call.split(', ')[1]);
      t.ok(ioctls.length > 0);
      for (const ioctl of ioctls) t.ok(askingIoctls.includes(ioctl!), `ioctl ${ioctl}`);
      t.ok(readFileSync(backing).equals(content), 'the content is as before');
      // What passes through a ring is no system call: there the kernel itself refuses everything but reads.
      const rings = calls.filter((call) => call.includes('IORING_REGISTER_ENABLE_RINGS'));
      const restrictions = calls.filter((call) => call.includes('IORING_REGISTER_RESTRICTIONS'));
      t.equal(restrictions.length, rings.length);
      const [result] = JSON.parse(readFileSync(path.join(folder, 'out/storage.json'), 'utf8')).results;
      t.equal(result.measurement.engineFeatures.includes('restricted to reads'), rings.length > 0);
      if (engine === 'psync') t.equal(rings.length, 0);
    },
  );
}
