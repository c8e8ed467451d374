import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { messageOf } from '#src/base/errors.js';
import {
  native,
  nativeStatus,
  type ReadPolicy,
  type StorageEngineName,
  type StorageMeasurement,
  type StorageRequest,
} from '#src/base/native.js';

const { reason } = nativeStatus();
const needsAddon = { skip: reason ? `no addon: ${reason}` : false };

const blockBytes = 4096;
/** Not a multiple of the block: the tail is read too. */
const fileBytes = 64 * blockBytes + 1000;
const engineNames: StorageEngineName[] = ['uring', 'psync'];

/** Buffered, until `maxBytes` are read; the time limit is never reached. */
const request = (paths: string[], changes: Partial<StorageRequest> = {}): StorageRequest => ({
  paths,
  pattern: 'random',
  blockBytes,
  depth: 4,
  threads: 2,
  engine: 'auto',
  direct: false,
  durationMs: 20_000,
  rampMs: 0,
  steadyPercent: 0,
  maxBytes: fileBytes,
  seed: 1,
  ...changes,
});

function makeFile(folder: string, name = 'data.bin', bytes = fileBytes): string {
  const file = path.join(folder, name);
  writeFileSync(file, randomBytes(bytes));
  return file;
}

const needsEngine = (name: StorageEngineName) => {
  const engine = nativeStatus()
    .addon?.storage.engines()
    .find((each) => each.name === name);
  return { skip: needsAddon.skip || (engine?.usable === false && `${name}: ${engine.reason}`) };
};

/** The measurement, or the sentence that the temporary folder's file system has no O_DIRECT. */
async function directOrNone(measuring: Promise<StorageMeasurement>): Promise<StorageMeasurement | string> {
  try {
    return await measuring;
  } catch (error) {
    if (/without O_DIRECT/.test(messageOf(error))) return messageOf(error);
    throw error;
  }
}

t.test('engines come in order of preference, with reasons where they cannot be used', needsAddon, async (t) => {
  const engines = native('The test').storage.engines();
  t.same(
    engines.map((engine) => engine.name),
    ['uring', 'psync', 'null'],
  );
  for (const engine of engines) t.equal(engine.reason === null, engine.usable, engine.name);
});

for (const engine of engineNames) {
  t.test(`${engine} accounts for every byte of a file`, needsEngine(engine), async (t) => {
    const { storage } = native('The test');
    const file = makeFile(t.testdir({}));
    for (const pattern of ['random', 'sequential'] as const) {
      const measured = await storage.measure(request([file], { engine, pattern }));
      t.match(measured, { engine, engineReason: null, direct: false, alignmentBytes: 1, targetBytes: fileBytes });
      t.equal(measured.bytes, fileBytes);
      t.equal(measured.operations, 65);
      t.ok(measured.elapsedNs > 0);
      t.ok(Math.abs(measured.bytesPerSecond - (fileBytes * 1e9) / measured.elapsedNs) < 1);
      const { p50, p90, p99, p999, p9999, maximum } = measured.latencyNs;
      t.ok(p50 > 0 && p50 <= p90 && p90 <= p99 && p99 <= p999 && p999 <= p9999 && p9999 <= maximum);
      t.ok(measured.achievedDepth > 0 && measured.achievedDepth <= 8);
    }
  });

  t.test(`${engine} reads past the page cache with O_DIRECT`, needsEngine(engine), async (t) => {
    const file = makeFile(t.testdir({}));
    const measured = await directOrNone(native('The test').storage.measure(request([file], { engine, direct: true })));
    if (typeof measured === 'string') {
      t.plan(0, measured);
      return;
    }
    t.equal(measured.direct, true);
    t.equal(measured.bytes, fileBytes);
    t.ok(measured.alignmentBytes >= 512);
  });
}

t.test('files are read whole, and again until the bytes are spent', needsAddon, async (t) => {
  const folder = t.testdir({});
  const sizes = [10, 5000, 9000];
  const paths = sizes.map((bytes, index) => makeFile(folder, `${index}.bin`, bytes));
  const perRound = sizes.reduce((sum, bytes) => sum + bytes);
  const settings = { pattern: 'files', depth: 1, threads: 1 } as const;
  const { storage } = native('The test');
  const once = await storage.measure(request(paths, { ...settings, maxBytes: perRound }));
  t.equal(once.bytes, perRound);
  t.equal(once.operations, 1 + 2 + 3);
  t.equal(once.targetBytes, perRound);
  const thrice = await storage.measure(request(paths, { ...settings, maxBytes: 3 * perRound }));
  t.equal(thrice.bytes, 3 * perRound);
});

t.test('time ends a measurement without a limit of bytes', needsAddon, async (t) => {
  const file = makeFile(t.testdir({}));
  const settings = { durationMs: 30.5, rampMs: 5, maxBytes: 0 };
  const measured = await native('The test').storage.measure(request([file], settings));
  t.equal(measured.elapsedNs, 30_500_000);
  t.ok(measured.operations > 0);
});

t.test('the null engine counts as the others do', needsAddon, async (t) => {
  const file = makeFile(t.testdir({}));
  const measured = await native('The test').storage.measure(request([file], { engine: 'null' }));
  t.match(measured, { engine: 'null', bytes: fileBytes, operations: 65 });
});

t.test('what cannot be measured is refused with one sentence', needsAddon, async (t) => {
  const folder = t.testdir({ empty: '' });
  const file = makeFile(folder);
  const pipe = path.join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const only = 'only regular files and block devices can be measured.';
  const cases: [StorageRequest, string][] = [
    [request([folder]), `${folder} is a directory: ${only}`],
    [request(['/dev/null']), `/dev/null is a character device: ${only}`],
    [request([pipe]), `${pipe} is a named pipe: ${only}`],
    [request([`${file}x`]), `Cannot read ${file}x: No such file or directory.`],
    [request([path.join(folder, 'empty')]), 'There is nothing to read: every target is empty.'],
    [request([]), 'storage.measure: paths must be an array of at least one non-empty string, but it is an array.'],
    [request([file], { depth: 0 }), 'storage.measure: depth must be an integer from 1 to 4096, but it is 0.'],
    [
      request([file], { engine: 'mmap' as 'auto' }),
      "storage.measure: engine must be one of auto, uring, psync, null, but it is 'mmap'.",
    ],
    [request([file], { seed: -1 }), 'storage.measure: seed must be an integer of at least 0, but it is -1.'],
  ];
  for (const [bad, message] of cases) {
    await t.rejects(native('The test').storage.measure(bad), { name: 'InputError', code: 'BAD_INPUT', message });
  }
});

const needsOrdinaryUser = { skip: needsAddon.skip || (process.getuid?.() === 0 && 'root may read everything') };

t.test('an unreadable file is refused', needsOrdinaryUser, async (t) => {
  const file = makeFile(t.testdir({}));
  chmodSync(file, 0);
  await t.rejects(native('The test').storage.measure(request([file])), {
    message: `Cannot read ${file}: Permission denied.`,
  });
});

const policies: Record<string, ReadPolicy> = {
  ordinary: { chunkBytes: 2 ** 30, readsAhead: true, exact: false, dropsBefore: false, dropsAfter: false },
  uncached: { chunkBytes: 1000, readsAhead: false, exact: true, dropsBefore: true, dropsAfter: true },
};

t.test('a reader of samples: whole files and ranges, announced or not', needsAddon, async (t) => {
  const folder = t.testdir({ empty: '' });
  const file = makeFile(folder);
  const content = readFileSync(file);
  const { storage } = native('The test');
  for (const [name, policy] of Object.entries(policies)) {
    const reader = storage.sampleReader(policy);
    const target = new Uint8Array(content.length + 10).fill(7);
    // More announcements than it keeps files open for; one of a file that is not there.
    for (let i = 0; i < 100; i++) reader.announce(file);
    reader.announce(`${file}x`);
    for (const whole of ['announced', 'again']) {
      t.equal(reader.read(target, 5, file), content.length, `${name}, ${whole}`);
      t.ok(content.equals(target.subarray(5, -5)), `${name}, ${whole}: content`);
    }
    t.same([target[4], target.at(-5)], [7, 7], 'nothing beside it is written');
    const small = new Uint8Array(100);
    t.equal(reader.read(small, 0, file), content.length, 'a sample without room is not read, only its size is told');
    t.ok(small.every((value) => value === 0));
    reader.announce(file, 1234, 100);
    t.equal(reader.read(small, 0, file, 1234, 100), 100);
    t.ok(content.subarray(1234, 1334).equals(small), `${name}, a range`);
    t.equal(reader.read(target, 0, path.join(folder, 'empty')), 0);
    t.throws(() => reader.read(target, 0, `${file}x`), {
      code: 'BAD_INPUT',
      message: `Cannot read ${file}x: No such file or directory.`,
    });
    t.throws(() => reader.read(target, 0, folder), { message: `${folder} is no regular file.` });
    t.throws(() => reader.read(target, 0, file, content.length - 50, 100), {
      code: 'IO',
      message: `${file} has become shorter.`,
    });
    t.throws(() => reader.read(target, content.length + 11, file), {
      message: /reader.read: offset must be an integer from 0 to/,
    });
  }
  t.throws(() => storage.sampleReader({ ...policies.ordinary!, chunkBytes: 0 }), {
    name: 'InputError',
    message: 'storage.sampleReader: chunkBytes must be an integer from 1 to 1073741824, but it is 0.',
  });
});

const hasDevice = (nativeStatus().addon?.storage.deviceReadBytes('.') ?? null) !== null;
const needsDevice = {
  skip: needsAddon.skip || (!hasDevice && 'the file system here has no block device with counters'),
};

t.test('page cache: what was written is dropped, brought back, and comes from memory', needsDevice, async (t) => {
  const { storage } = native('The test');
  const file = path.join(t.testdir(), 'fresh');
  const bytes = 8 << 20;
  const target = new Uint8Array(bytes);
  writeFileSync(file, randomBytes(bytes));
  const reader = storage.sampleReader(policies.ordinary!);
  const fetched = () => {
    const before = processReads();
    t.equal(reader.read(target, 0, file), bytes);
    return processReads() - before;
  };
  t.equal(fetched(), 0, 'what was just written is in the cache');
  await storage.dropFromCache([file]);
  const before = storage.deviceReadBytes(file)!;
  t.ok(fetched() >= bytes, 'dropped, though it had not been written yet');
  t.ok(storage.deviceReadBytes(file)! - before >= bytes, "the device's own counter says so");
  await storage.dropFromCache([file]);
  await storage.bringIntoCache([file]);
  t.equal(fetched(), 0);
  await t.rejects(storage.dropFromCache([`${file}x`]), {
    name: 'InputError',
    message: `Cannot read ${file}x: No such file or directory.`,
  });
  t.equal(storage.deviceReadBytes('/proc'), null, 'a file system without a device');
});

const memoryFolder = '/dev/shm';
const needsMemory = { skip: needsAddon.skip || (!existsSync(memoryFolder) && `no ${memoryFolder} here`) };

t.test('a file in memory has no device to be read from', needsMemory, async (t) => {
  const file = path.join(memoryFolder, `orion-bench-test-${process.pid}`);
  writeFileSync(file, 'x');
  t.teardown(() => rmSync(file));
  await t.rejects(native('The test').storage.dropFromCache([file]), {
    name: 'InputError',
    message: `${file} lies in memory (tmpfs), so it cannot be read from a device: put the data on a disk.`,
  });
});

/** Bytes that the kernel fetched from devices on behalf of this process. */
const processReads = () => Number(/^read_bytes: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'))![1]);
