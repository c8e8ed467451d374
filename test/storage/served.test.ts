import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { native, nativeStatus } from '#src/base/native.js';
import { measureStorage } from '#src/measure/storage.js';
import { storageFacts } from '#src/measure/storage-facts.js';
import type { StorageCase } from '#src/measure/storage-suite.js';
import { loopDevice } from '../support/loop-device.js';

const { addon, reason } = nativeStatus();
const needsAddon = { skip: reason ? `no addon: ${reason}` : false };
const hasDevice = (addon?.storage.deviceReadBytes('.') ?? null) !== null;
const needsDevice = {
  skip: needsAddon.skip || (!hasDevice && 'the file system here has no block device with counters'),
};

const fileBytes = 32 * 2 ** 20;
const random = { name: 'random', pattern: 'random', blockBytes: 2 ** 16, depth: 4, threads: 1 } satisfies StorageCase;
const options = { engine: 'auto', direct: true, durationMs: 200, seed: 1 } as const;

function makeFile(folder: string): string {
  const file = path.join(folder, 'data');
  writeFileSync(file, randomBytes(fileBytes));
  return file;
}

t.test(
  'direct reads: the counters of the process and of the device agree with ours within 1 %',
  needsDevice,
  async (t) => {
    const file = makeFile(t.testdir({}));
    for (const engine of ['uring', 'psync'] as const) {
      if (!addon!.storage.engines().find(({ name }) => name === engine)!.usable) continue;
      const [result] = await measureStorage(file, [{ ...random, threads: 2 }], { ...options, engine });
      const { account } = result!.measurement;
      t.ok(account.readBytes > 0);
      t.ok(Math.abs(account.processBytes! - account.readBytes) <= account.readBytes / 100, `${engine}: process`);
      t.ok(account.deviceBytes! >= account.readBytes * 0.99, `${engine}: device, which others may read too`);
      t.match(result!.served, { by: 'device', counter: 'process', sentence: /agree within 1 %/ });
    }
  },
);

t.test('buffered reads: of a cached file the page cache, of a dropped one the device', needsDevice, async (t) => {
  const { storage } = native('The test');
  const file = makeFile(t.testdir({}));
  await storage.bringIntoCache([file]);
  const [cached] = await measureStorage(file, [random], { ...options, direct: false });
  t.match(cached!.served, { by: 'page cache', sentence: /the memory's speed, not the device's/ });

  await storage.dropFromCache([file]);
  const once = { ...random, pattern: 'sequential' } as const;
  const request = {
    ...once,
    ...options,
    paths: [file],
    direct: false,
    rampMs: 0,
    steadyPercent: 0,
    maxBytes: fileBytes,
  };
  const { account } = await storage.measure({ ...request, durationMs: 20_000 });
  t.equal(account.readBytes, fileBytes);
  t.ok(Math.abs(account.processBytes! - fileBytes) <= fileBytes / 100, `${account.processBytes} of ${fileBytes}`);
});

t.test('a loop device says what it lies on, and that the page cache may serve it', needsDevice, async (t) => {
  const file = makeFile(t.testdir({}));
  const { device, refused } = loopDevice(t, file, '--read-only');
  if (refused !== null) {
    t.plan(0, refused);
    return;
  }
  readFileSync(file);
  const [result] = await measureStorage(device, [random], options);
  t.match(result!.facts, {
    fileSystem: null,
    mountPoint: null,
    inUse: [],
    device: { name: path.basename(device), kind: 'loop', label: file, bytes: fileBytes, backedDirectly: false },
  });
  t.same(result!.facts.device!.on, [storageFacts(file).device]);
  const { account } = result!.measurement;
  t.ok(Math.abs(account.deviceBytes! - account.readBytes) <= account.readBytes / 100, 'nobody else reads it');
  t.equal(result!.served.by, 'page cache', 'the disk below read nothing, as its counter says');
});
