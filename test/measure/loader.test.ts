import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import t from 'tap';
import { nativeStatus } from '#src/base/native.js';
import { openTrainingSet } from '#src/data/open.js';
import { prepareDatasets } from '#src/data/prepare.js';
import type { TrainingSet } from '#src/data/training-set.js';
import { BatchOrder } from '#src/measure/loader/batch-order.js';
import { BatchQueue } from '#src/measure/loader/batch-queue.js';
import { type LoaderRequest, signalCells } from '#src/measure/loader/messages.js';
import { LoaderPool } from '#src/measure/loader/pool.js';
import type { StorageMode } from '#src/measure/storage-mode.js';

interface TakenBatch {
  inputs: Float32Array;
  labels: bigint[];
}

const pool = new LoaderPool();
t.teardown(() => pool.close());

/** Runs the loader for some batches; copies each before its memory goes back. */
async function take(request: LoaderRequest, batches: number) {
  const run = await pool.start(request);
  const queue = new BatchQueue(run.end);
  const taken: TakenBatch[] = [];
  for (let batch = 0; batch < batches; batch++) {
    const buffers = queue.next();
    taken.push({ inputs: new Float32Array(buffers.inputs.slice(0)), labels: [...new BigInt64Array(buffers.labels)] });
    queue.giveBack(buffers);
  }
  return { taken, ...(await run.stop()) };
}

const imageRequest = (set: TrainingSet, workers: number, batchSize: number, storage: StorageMode = 'NVME') => ({
  set,
  shape: { kind: 'image' as const, shape: set.entry.shape! },
  batchSize,
  workers,
  prefetch: 2,
  storage,
  seed: 5,
});

/** CIFAR-10 of ten samples; sample i has label i and every pixel i. */
function countingSet(root: string): TrainingSet {
  const records = Array.from({ length: 10 }, (_, i) => Buffer.concat([Buffer.from([i]), Buffer.alloc(3072, i)]));
  mkdirSync(path.join(root, 'cifar-10-batches-bin'));
  writeFileSync(path.join(root, 'cifar-10-batches-bin/data_batch_1.bin'), Buffer.concat(records));
  return openTrainingSet(root, 'CIFAR10');
}

t.test('order, contents and epochs do not depend on the number of workers', async (t) => {
  const set = countingSet(t.testdir());
  // Ten samples in batches of four: two batches an epoch, two samples dropped.
  const one = await take(imageRequest(set, 1, 4), 7);
  const three = await take(imageRequest(set, 3, 4), 7);
  t.same(three.taken, one.taken);
  t.same(one.damage, { count: 0, first: null });

  const order = new BatchOrder(10, 4, 5);
  t.equal(order.batchesPerEpoch, 2);
  for (const [batch, { inputs, labels }] of one.taken.entries()) {
    t.same(
      labels,
      Array.from(order.indices(batch), BigInt),
      `batch ${batch} has the samples of its place in the order`,
    );
    for (const [slot, label] of labels.entries()) {
      // Red channel: (label / 255 - 0.4914) / 0.247.
      const expected = (Number(label) / 255 - 0.4914) / 0.247;
      t.ok(
        Math.abs(inputs[slot * 3072]! - expected) < 1e-6,
        `batch ${batch}, slot ${slot}: pixels belong to the label`,
      );
    }
  }
  const epoch = (number: number) => one.taken.slice(2 * number, 2 * number + 2).flatMap(({ labels }) => labels);
  for (const number of [0, 1, 2]) t.equal(new Set(epoch(number)).size, 8, `epoch ${number} repeats no sample`);
  t.notSame(epoch(0), epoch(1), 'epochs are shuffled differently');
});

t.test('a worker prepares batches while the consumer is busy, as many as it was asked for', async (t) => {
  const set = countingSet(t.testdir());
  const single = await pool.start({ ...imageRequest(set, 1, 2), prefetch: 1 });
  const queue = new BatchQueue(single.end);
  // No memory is given back: the second batch is made while the first is in use.
  queue.next();
  queue.next();
  await single.stop();

  const run = await pool.start(imageRequest(set, 2, 2));
  const other = new BatchQueue(run.end);
  for (let batch = 0; batch < 4; batch++) other.next();
  await run.stop();
  const posted = new Int32Array(run.end.signal)[signalCells.posted]!;
  t.ok(posted >= 4 && posted <= 4 + 2 * 2, `${posted} batches: at most 2 of each of 2 workers ahead of the 4 taken`);
});

t.test('image files: both storage modes, damaged ones are named and replaced', async (t) => {
  const root = t.testdir();
  await prepareDatasets(root, { samples: 8, datasets: ['TinyImageNet'] });
  const set = openTrainingSet(root, 'TinyImageNet');
  const { taken, damage } = await take(imageRequest(set, 2, 8), 3);
  t.same(damage, { count: 0, first: null });
  for (const { inputs, labels } of taken) {
    for (const [slot, label] of labels.entries()) {
      const pixels = await sharp(readFileSync((set.content.paths as string[])[Number(label)]!))
        .raw()
        .toBuffer();
      t.equal(
        inputs[slot * 3 * 4096],
        Math.fround((pixels[0]! / 255 - 0.485) / 0.229),
        `label ${label}: its own picture`,
      );
    }
  }
  await t.test('uncached reads', { skip: nativeStatus().reason ?? false }, async (t) => {
    t.same((await take(imageRequest(set, 2, 8, 'SSD'), 3)).taken, taken);
  });

  const damaged = set.content.paths[3]!;
  truncateSync(damaged, 300);
  const mended = await take(imageRequest(set, 1, 8), 2);
  for (const { labels } of mended.taken) {
    t.same([...labels].sort(), [0n, 1n, 2n, 4n, 4n, 5n, 6n, 7n], 'sample 4 stands in for sample 3');
  }
  t.ok(mended.damage.count >= 2, 'met once an epoch');
  t.match(mended.damage.first, damaged);

  for (const file of set.content.paths) truncateSync(file, 10);
  const run = await pool.start(imageRequest(set, 1, 8));
  t.throws(() => new BatchQueue(run.end).next(), { message: /every sample of TinyImageNet is damaged/ });
  await run.stop();
});

t.test('text batches', async (t) => {
  const root = t.testdir({ 'SST-2': { 'train.tsv': 'sentence\tlabel\na b \t1\nb \t0\n' } });
  const set = openTrainingSet(root, 'SST2');
  const shape = { kind: 'text' as const, sequenceLength: 3, vocabularySize: 100 };
  const run = await pool.start({ set, shape, batchSize: 2, workers: 2, prefetch: 1, storage: 'SSD', seed: 0 });
  const { inputs, labels } = new BatchQueue(run.end).next();
  const ids = new BigInt64Array(inputs);
  t.equal(ids.length, 2 * 3);
  const first = Number(new BigInt64Array(labels)[0]) === 1 ? 0 : 3;
  t.same([...ids.slice(first, first + 3)], [3n, 2n, 0n], "'a b': a is the rarer word");
  t.same([...ids.slice(3 - first, 6 - first)], [2n, 0n, 0n]);
  await run.stop();
});

t.test('batches of pairs of texts: source ids, and target ids as labels', async (t) => {
  const root = t.testdir({ 'wmt14.en-de': { 'train.de': 'a b\nb\n', 'train.en': 'x y\ny\n' } });
  const set = openTrainingSet(root, 'WMT14');
  const shape = { kind: 'text-pair' as const, sequenceLength: 3, targetLength: 4, vocabularySize: 100 };
  for (const storage of ['NVME', 'SSD'] as const) {
    const run = await pool.start({ set, shape, batchSize: 2, workers: 2, prefetch: 1, storage, seed: 0 });
    const { inputs, labels } = new BatchQueue(run.end).next();
    const rows = (buffer: ArrayBuffer, tokens: number) => {
      const ids = [...new BigInt64Array(buffer)].map(Number);
      return [ids.slice(0, tokens), ids.slice(tokens)];
    };
    const [sources, targets] = [rows(inputs, 3), rows(labels, 5)];
    const first = sources[0]![0] === 3 ? 0 : 1;
    // Source: b 2, a 3. Target: start 2, end 3, y 4, x 5.
    t.same(sources[first], [3, 2, 0]);
    t.same(targets[first], [2, 5, 4, 3, 0], 'the translation of the same line');
    t.same(sources[1 - first], [2, 0, 0]);
    t.same(targets[1 - first], [2, 4, 3, 0, 0]);
    await run.stop();
  }
});

t.test('a batch larger than the data set', async (t) => {
  await t.rejects(pool.start(imageRequest(countingSet(t.testdir()), 1, 11)), {
    name: 'InputError',
    message: /Batch size 11 is larger than the data set with its 10 samples/,
  });
});

t.test('decode rate of one worker', async (t) => {
  const set = countingSet(t.testdir());
  const rate = await pool.decodeRate(set, { kind: 'image', shape: set.entry.shape! }, 20);
  t.ok(Number.isFinite(rate) && rate > 0);
});
