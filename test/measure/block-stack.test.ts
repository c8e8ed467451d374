import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, realpathSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import t, { type Test } from 'tap';
import { blockStack, deviceNumber, disksOf, readBytesOf } from '#src/measure/block-stack.js';
import { mountOf, parseMounts } from '#src/measure/mounts.js';
import { usesOf } from '#src/measure/storage-facts.js';

/** A sysfs of its own: folders of /sys/devices by path, with the content of their files. */
function sysfs(t: Test, devices: Record<string, Record<string, string>>): string {
  const root = t.testdir({ dev: { block: {} }, class: { block: {} } });
  for (const [place, facts] of Object.entries(devices)) {
    const folder = path.join(root, 'devices', place);
    for (const name of ['holders', 'slaves']) mkdirSync(path.join(folder, name), { recursive: true });
    for (const [name, content] of Object.entries(facts)) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), `${content}\n`);
    }
    symlinkSync(folder, path.join(root, 'dev/block', facts.dev!));
    symlinkSync(folder, path.join(root, 'class/block', path.basename(place)));
  }
  return root;
}

const disk = { 'queue/rotational': '0', 'queue/scheduler': '[none] mq-deadline', 'queue/logical_block_size': '512' };

t.test('an encrypted volume on a partition: down to the disk, with its facts', async (t) => {
  const stat = '    100 0 2000 5 0 0 0 0 0 5 5';
  const root = sysfs(t, {
    nvme0n1: { ...disk, dev: '259:0', size: '2000', 'device/model': 'Samsung SSD 980', stat },
    'nvme0n1/nvme0n1p2': { dev: '259:2', size: '1000', partition: '2', 'holders/dm-0/dev': '253:0' },
    'dm-0': { ...disk, dev: '253:0', size: '900', 'dm/name': 'luks-home', 'slaves/nvme0n1p2/dev': '259:2' },
  });
  const volume = blockStack('253:0', root)!;
  const empty = { label: null, model: null, backedDirectly: null };
  const expectedDisk = {
    ...{ ...empty, name: 'nvme0n1', kind: 'disk', model: 'Samsung SSD 980', bytes: 2000 * 512, rotational: false },
    ...{ scheduler: 'none', logicalBlockBytes: 512, on: [] },
  };
  t.strictSame(volume, {
    ...{ ...empty, name: 'dm-0', kind: 'device-mapper', label: 'luks-home', bytes: 900 * 512, rotational: false },
    ...{ scheduler: 'none', logicalBlockBytes: 512 },
    on: [
      {
        ...{ ...expectedDisk, name: 'nvme0n1p2', kind: 'partition', bytes: 1000 * 512, scheduler: null },
        on: [expectedDisk],
      },
    ],
  });
  t.strictSame(disksOf(volume), [expectedDisk]);
  t.equal(readBytesOf('nvme0n1', root), 2000 * 512);
  t.equal(readBytesOf('dm-0', root), null, 'no counter');
  t.equal(blockStack('0:42', root), null);

  const mounts = parseMounts(
    '29 1 259:2 / /boot rw - ext4 /dev/nvme0n1p2 rw\n30 1 253:0 / /home rw - xfs /dev/dm-0 rw\n',
  );
  t.strictSame(usesOf(blockStack('259:0', root)!, mounts, root), [
    'nvme0n1p2 is mounted at /boot',
    'nvme0n1p2 is held by dm-0',
  ]);
  t.strictSame(usesOf(volume, mounts, root), ['mounted at /home']);
});

t.test('a loop device lies on the disk of its file', async (t) => {
  const here = deviceNumber(statSync('.').dev);
  const root = sysfs(t, {
    loop7: { ...disk, dev: '7:7', size: '8', 'loop/backing_file': path.resolve('package.json'), 'loop/dio': '0' },
    sda: { ...disk, dev: here, size: '80', 'queue/rotational': '1' },
  });
  t.match(blockStack('7:7', root), {
    kind: 'loop',
    label: path.resolve('package.json'),
    backedDirectly: false,
    on: [{ name: 'sda', kind: 'disk', rotational: true, model: null }],
  });
});

t.test('device numbers are packed as the C library packs them', async (t) => {
  // gnu_dev_makedev(259, 3), (8, 300) and (4096, 1), worked out by hand from sys/sysmacros.h.
  t.strictSame([0x10303, 0x10082c, 0x100000000001].map(deviceNumber), ['259:3', '8:300', '4096:1']);
});

t.test('the mount of a path is the last of the longest that cover it', async (t) => {
  const mounts = parseMounts(
    [
      '21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw',
      '22 21 0:40 / /data rw - tmpfs none rw',
      '23 21 8:17 / /data rw master:2 - xfs /dev/sdb1 rw',
      '24 21 0:41 / /my\\040disk rw - nfs4 server:/export rw',
    ].join('\n'),
  );
  t.equal(mountOf('/database/x', mounts)!.source, '/dev/sda1');
  t.strictSame(mountOf('/data', mounts), {
    ...{ device: '8:17', point: '/data', fileSystem: 'xfs', source: '/dev/sdb1' },
  });
  t.equal(mountOf('/my disk/set/1.jpg', mounts)!.fileSystem, 'nfs4');
});

t.test('the device under this folder is what lsblk says', async (t) => {
  const found = blockStack(deviceNumber(statSync('.').dev));
  const columns = 'NAME,SIZE,ROTA,SCHED,MODEL,LOG-SEC';
  const said = found && spawnSync('lsblk', ['-bJdo', columns, `/dev/${found.name}`], { encoding: 'utf8' });
  if (!found || said?.status !== 0) {
    t.plan(0, 'no block device, or no lsblk, here');
    return;
  }
  const [listed] = JSON.parse(said.stdout).blockdevices;
  t.match(listed, { name: found.name, size: found.bytes, rota: found.rotational, 'log-sec': found.logicalBlockBytes });
  const mounts = parseMounts(readFileSync('/proc/self/mountinfo', 'utf8'));
  t.ok(usesOf(found, mounts).includes(`mounted at ${mountOf(realpathSync('.'), mounts)!.point}`));
  if (found.kind !== 'partition') t.strictSame([listed.sched, listed.model], [found.scheduler, found.model]);
});
