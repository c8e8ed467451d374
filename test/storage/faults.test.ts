import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import t from 'tap';
import { native, nativeStatus, type StorageRequest } from '#src/base/native.js';

const { reason } = nativeStatus();
const skip = reason ? `no addon: ${reason}` : false;
const blockBytes = 4096;
const fileBytes = 4 * 2 ** 20;

/** Reads that would go on for a minute. */
const request = (target: string, changes: Partial<StorageRequest> = {}): StorageRequest => ({
  paths: [target],
  pattern: 'random',
  blockBytes,
  depth: 4,
  threads: 2,
  engine: 'auto',
  direct: false,
  durationMs: 60_000,
  rampMs: 0,
  maxBytes: 0,
  seed: 1,
  ...changes,
});

/** Open files and threads of this process. */
const held = () => ({
  files: readdirSync('/proc/self/fd').length,
  threads: readdirSync('/proc/self/task').length,
});

function makeFile(folder: string): string {
  const file = path.join(folder, 'data');
  writeFileSync(file, randomBytes(fileBytes));
  return file;
}

t.before(async () => {
  // The pool of libuv starts its threads with the first work.
  const file = makeFile(t.testdir({}));
  if (!skip) await native('The test').storage.measure(request(file, { maxBytes: fileBytes }));
});

for (const engine of ['uring', 'psync'] as const) {
  const entry = nativeStatus()
    .addon?.storage.engines()
    .find(({ name }) => name === engine);
  const skipEngine = skip || (entry?.usable === false && `${engine}: ${entry.reason}`);

  t.test(`${engine}: a file that shrinks meanwhile is told, with what was read`, { skip: skipEngine }, async (t) => {
    const file = makeFile(t.testdir({}));
    const before = held();
    const measuring = native('The test').storage.measure(request(file, { engine }));
    const refused = t.rejects(measuring, {
      code: 'IO',
      exitCode: 2,
      message:
        /^A read of 4096 bytes at offset \d+ of .*data found the end of the file: it has shrunk since it was opened; until then [1-9]\d* reads brought \d+ bytes\.$/,
    });
    await pause(50);
    truncateSync(file, 0);
    await refused;
    t.same(held(), before);
  });

  t.test(`${engine}: a device that fails midway is told, with what was read`, { skip: skipEngine }, async (t) => {
    const file = makeFile(t.testdir({}));
    const made = spawnSync('losetup', ['--find', '--show', '--read-only', file], { encoding: 'utf8' });
    if (made.error || made.status !== 0) {
      t.plan(0, `no loop device: ${made.error?.message ?? made.stderr.trim()}`);
      return;
    }
    const device = made.stdout.trim();
    t.teardown(() => spawnSync('losetup', ['--detach', device]));
    // What lies beyond the end of the backing file is lost for the device, as bad sectors are.
    truncateSync(file, fileBytes / 2);
    const before = held();
    const measuring = native('The test').storage.measure(
      request(device, { engine, direct: true, pattern: 'sequential', threads: 1, depth: 1 }),
    );
    await t.rejects(measuring, {
      code: 'IO',
      exitCode: 2,
      message:
        /^A read of 4096 bytes at offset 2097152 of \/dev\/loop\d+ failed: Input\/output error; until then 512 reads brought 2097152 bytes\.$/,
    });
    t.same(held(), before);
  });
}

/** Regular files of file systems that know no O_DIRECT. */
const withoutDirect = ['/sys/kernel/btf/vmlinux', '/sys/kernel/notes'].find(
  (file) => existsSync(file) && statSync(file).size > 0,
);
const skipDirect = skip || (withoutDirect === undefined && 'no file without O_DIRECT at hand');

t.test('a file system without O_DIRECT is told, and what to do', { skip: skipDirect }, async (t) => {
  const before = held();
  await t.rejects(native('The test').storage.measure(request(withoutDirect!, { direct: true })), {
    code: 'BAD_INPUT',
    exitCode: 2,
    message: `${withoutDirect} lies on a file system without O_DIRECT: measure it buffered, through the page cache.`,
  });
  t.same(held(), before);
});
