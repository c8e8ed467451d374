import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statfsSync } from 'node:fs';
import t from 'tap';
import { makeScratchFile } from '#src/measure/scratch-file.js';
import { SmallDisk } from '../support/small-disk.js';

const mebi = 2 ** 20;

/** Once the folder's file system holds 8 MiB, leaves it no more than 64 MiB in all. */
const shrink = `
const { statfsSync } = require('node:fs');
const { spawnSync } = require('node:child_process');
const folder = process.argv[1];
const used = () => { const { blocks, bfree, bsize } = statfsSync(folder); return (blocks - bfree) * bsize; };
console.log('ready');
while (used() < 8 * ${mebi});
spawnSync('mount', ['-o', 'remount,size=${64 * mebi}', folder]);
`;

const { disk, skip } = SmallDisk.mount(512 * mebi);

t.test('a disk that is full midway is told, and nothing of the file is left', { skip }, async (t) => {
  t.teardown(() => disk!.unmount());
  const { folder } = disk!;
  const others = spawn(process.execPath, ['-e', shrink, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(others.stdout, 'data');
  const open = () => readdirSync('/proc/self/fd').length;
  const before = open();
  t.throws(() => makeScratchFile(folder, 192 * mebi), {
    code: 'IO',
    exitCode: 2,
    message: `A test file of 192 MiB in ${folder} could not be written: ENOSPC: no space left on device, write.`,
  });
  t.equal(open(), before);
  await once(others, 'close');
  const { blocks, bfree } = statfsSync(folder);
  t.equal(bfree, blocks);
  t.same(readdirSync(folder), []);
});
