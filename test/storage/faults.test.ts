import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import t from 'tap';
import { native, nativeStatus, type StorageRequest } from '#src/base/native.js';
import { loopDevice } from '../support/loop-device.js';

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
  steadyPercent: 0,
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
    await pause(50);
    truncateSync(file, 0);
    const { failure, operations, bytes } = await measuring;
    t.match(
      failure,
      /^A read of 4096 bytes at offset \d+ of .*data found the end of the file: it has shrunk since it was opened; measured until then: [1-9]\d* reads, \d+ bytes\.$/,
    );
    t.ok(failure!.endsWith(`${operations} reads, ${bytes} bytes.`));
    t.same(held(), before);
  });

  t.test(`${engine}: a device that fails midway is told, with what was read`, { skip: skipEngine }, async (t) => {
    const file = makeFile(t.testdir({}));
    const { device, refused } = loopDevice(t, file, '--read-only');
    if (refused !== null) {
      t.plan(0, refused);
      return;
    }
    // What lies beyond the end of the backing file is lost for the device, as bad sectors are.
    truncateSync(file, fileBytes / 2);
    const before = held();
    const measured = await native('The test').storage.measure(
      request(device, { engine, direct: true, pattern: 'sequential', threads: 1, depth: 1 }),
    );
    t.equal(
      measured.failure,
      `A read of 4096 bytes at offset 2097152 of ${device} failed: Input/output error; measured until then: 512 reads, 2097152 bytes.`,
    );
    t.match(measured, { operations: 512, bytes: 2 ** 21, account: { readBytes: 2 ** 21 } });
    t.ok(measured.latencyNs.p50 > 0 && measured.bytesPerSecond > 0, 'rates are those until then');
    t.same(held(), before);
  });
}

const memoryFolder = '/dev/shm';
const skipMemory = skip || (!existsSync(memoryFolder) && `no ${memoryFolder} here`);

t.test('a file system without O_DIRECT is told, and what to do', { skip: skipMemory }, async (t) => {
  const file = path.join(memoryFolder, `orion-bench-direct-${process.pid}`);
  writeFileSync(file, randomBytes(blockBytes));
  t.teardown(() => rmSync(file));
  const before = held();
  // Linux accepts O_DIRECT on tmpfs from 6.6 on, and files of /sys accept it nowhere.
  for (const target of [file, '/sys/kernel/notes'].filter((each) => existsSync(each))) {
    await t.rejects(native('The test').storage.measure(request(target, { direct: true })), {
      code: 'BAD_INPUT',
      exitCode: 2,
      message: `${target} lies on a file system without O_DIRECT: measure it buffered, through the page cache.`,
    });
  }
  t.same(held(), before);
});
