import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { messageOf } from '#src/base/errors.js';
import {
  native,
  nativeStatus,
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
    if (measured.deviceBytes !== null) t.ok(measured.deviceBytes >= fileBytes, 'the device saw the reads');
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

t.test('a file is read whole in chunks, with and without the page cache', needsAddon, async (t) => {
  const folder = t.testdir({ empty: '' });
  const file = makeFile(folder);
  const { storage } = native('The test');
  for (const chunkBytes of [1000, 256 * 1024]) {
    for (const dropCache of [false, true]) {
      t.ok((await storage.readFile(file, { chunkBytes, dropCache })).equals(readFileSync(file)));
    }
  }
  t.equal((await storage.readFile(path.join(folder, 'empty'), { chunkBytes: 1, dropCache: true })).length, 0);
  await t.rejects(storage.readFile(`${file}x`, { chunkBytes: 1, dropCache: false }), {
    name: 'InputError',
    message: `Cannot read ${file}x: No such file or directory.`,
  });
  await t.rejects(storage.readFile(file, { chunkBytes: 0, dropCache: false }), {
    message: 'storage.readFile: chunkBytes must be an integer from 1 to 1073741824, but it is 0.',
  });
});
