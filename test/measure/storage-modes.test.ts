import { readFileSync } from 'node:fs';
import t from 'tap';
import { nativeStatus } from '#src/base/native.js';
import type { SampleShape } from '#src/data/decode.js';
import { openTrainingSet } from '#src/data/open.js';
import { prepareDatasets } from '#src/data/prepare.js';
import type { TrainingSet } from '#src/data/training-set.js';
import { blockDeviceReads } from '#src/measure/block-device.js';
import { BatchMaker } from '#src/measure/loader/batch-maker.js';
import { BatchQueue } from '#src/measure/loader/batch-queue.js';
import { LoaderPool } from '#src/measure/loader/pool.js';
import { prepareStorage } from '#src/measure/prepare-storage.js';
import { prefetchPerWorker, type StorageMode, storageModes } from '#src/measure/storage-mode.js';

const shapes: Record<string, SampleShape> = {
  TinyImageNet: { kind: 'image', shape: [3, 64, 64] },
  STL10: { kind: 'image', shape: [3, 96, 96] },
  CIFAR10: { kind: 'image', shape: [3, 32, 32] },
  WMT14: { kind: 'text-pair', sequenceLength: 8, targetLength: 8, vocabularySize: 100 },
  CNNDM: { kind: 'text-pair', sequenceLength: 8, targetLength: 8, vocabularySize: 100 },
};

const root = t.testdir();
const { reason: noAddon } = nativeStatus();
const { reason: noDevice } = blockDeviceReads(root);
const pool = new LoaderPool();
t.teardown(() => pool.close());
t.before(() => prepareDatasets(root, { samples: 40, datasets: Object.keys(shapes) }));

/** Bytes that the kernel fetched from devices on behalf of this process. */
const processReads = () => Number(/^read_bytes: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'))![1]);

/** A run of the loader over several epochs, and what the kernel counted meanwhile. */
async function run(set: TrainingSet, mode: StorageMode) {
  const [batchSize, batches] = [10, 30];
  await prepareStorage(set, mode);
  const [device, ours] = [blockDeviceReads(root).bytes!, processReads()];
  const prefetch = prefetchPerWorker[mode];
  const shape = shapes[set.entry.name]!;
  const loader = await pool.start({ set, shape, batchSize, workers: 2, prefetch, storage: mode, seed: 0 });
  const queue = new BatchQueue(loader.end);
  for (let batch = 0; batch < batches; batch++) queue.giveBack(queue.next());
  const totals = await loader.stop();
  return {
    ...totals,
    taken: batchSize * batches,
    deviceReads: blockDeviceReads(root).bytes! - device,
    processReads: processReads() - ours,
  };
}

t.test(
  'cold samples come from the device, again in every epoch; cached ones do not',
  { skip: noDevice ?? false },
  async (t) => {
    for (const name of Object.keys(shapes)) {
      const set = openTrainingSet(root, name);
      const bytesPerSample = set.content.stored === 'files' ? set.bytes / set.samples : 1;
      for (const mode of ['cold', 'SSD'] as const) {
        const { bytesRead, samples, taken, deviceReads, processReads } = await run(set, mode);
        t.ok(samples >= taken, `${name}, ${mode}: ${samples} samples prepared, ${taken} taken`);
        t.ok(bytesRead >= 0.9 * taken * bytesPerSample, `${name}, ${mode}: ${bytesRead} bytes read`);
        t.ok(deviceReads >= bytesRead, `${name}, ${mode}: the device read ${deviceReads} bytes`);
        t.ok(processReads >= bytesRead, `${name}, ${mode}: ${processReads} of them for this process`);
      }
      const { bytesRead, processReads } = await run(set, 'cached');
      t.equal(processReads, 0, `${name}, cached: nothing from a device for ${bytesRead} bytes read`);
      t.equal(bytesRead > 0, set.content.stored !== 'memory', 'of sets in memory nothing is read then');
    }
  },
);

t.test('a batch is the same in every mode', { skip: noAddon ?? false }, async (t) => {
  for (const [name, shape] of Object.entries(shapes)) {
    const set = openTrainingSet(root, name);
    const indices = Uint32Array.from({ length: 40 }, (_, index) => (index * 37) % 40);
    const batches = [];
    for (const mode of storageModes) {
      const maker = new BatchMaker(set, shape, mode);
      const batch = maker.buffers(indices.length);
      await maker.fill(batch, indices, () => false);
      t.equal(maker.totals.damage.count, 0);
      batches.push(batch);
    }
    for (const [index, mode] of storageModes.entries()) t.same(batches[index], batches[0], `${name}, ${mode}`);
  }
});

t.test(
  'only the samples that are read are brought into the cache, and no more than fit',
  {
    skip: noDevice ?? false,
  },
  async (t) => {
    const set = openTrainingSet(root, 'TinyImageNet');
    await prepareStorage(set, 'cold');
    await prepareStorage(set, 'cached', Uint32Array.of(3, 5, 3));
    const fetched = [3, 5, 4].map((sample) => {
      const before = processReads();
      readFileSync(set.content.paths[sample]!);
      return processReads() - before > 0;
    });
    t.same(fetched, [false, false, true]);
    await t.rejects(prepareStorage({ ...set, bytes: 1e15 }, 'cached'), {
      name: 'InputError',
      message:
        /^Storage mode cached needs the samples of TinyImageNet in memory: they have 1000000\.0 GB, and [\d.]+ GB/,
    });
  },
);
