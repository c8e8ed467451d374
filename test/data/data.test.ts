import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import t, { type Test } from 'tap';
import { InputError } from '#src/base/errors.js';
import { catalogue, datasetEntry } from '#src/data/catalogue.js';
import { checkDatasets } from '#src/data/check.js';
import { sampleDecoder } from '#src/data/decode.js';
import { openTrainingSet } from '#src/data/open.js';
import { prepareDatasets } from '#src/data/prepare.js';
import { Tokenizer, WordCounts } from '#src/data/tokenizer.js';
import {
  diskBytesPerSample,
  type MemorySamples,
  memoryRecord,
  sampleName,
  type TrainingSet,
} from '#src/data/training-set.js';

const pixelBytes = 3072;

/** One CIFAR record: label bytes, then planes filled with the given values. */
function cifarRecord(labels: number[], planes: [number, number, number]): Buffer {
  return Buffer.concat([Buffer.from(labels), ...planes.map((value) => Buffer.alloc(pixelBytes / 3, value))]);
}

function writeFiles(root: string, files: Record<string, string | Buffer>): void {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}

async function decoded(t: Test, set: TrainingSet, shape: readonly [number, number, number], bytes: Uint8Array) {
  const decoder = sampleDecoder(set, { kind: 'image', shape });
  const batch = new ArrayBuffer(2 * decoder.elements * 4);
  await decoder.decode(bytes, batch, 1, new ArrayBuffer(0));
  const numbers = new Float32Array(batch);
  t.ok(
    numbers.subarray(0, decoder.elements).every((value) => value === 0),
    'slot 0 is untouched',
  );
  return numbers.subarray(decoder.elements);
}

const near = (t: Test, actual: number, expected: number, tolerance: number, what: string) =>
  t.ok(Math.abs(actual - expected) <= tolerance, `${what}: ${actual} is within ${tolerance} of ${expected}`);

t.test('CIFAR-10 records: label, planes, normalised values', async (t) => {
  const root = t.testdir();
  writeFiles(root, {
    'cifar-10-batches-bin/data_batch_1.bin': Buffer.concat([
      cifarRecord([3], [255, 0, 51]),
      cifarRecord([9], [1, 2, 3]),
    ]),
    'cifar-10-batches-bin/data_batch_4.bin': cifarRecord([0], [10, 20, 30]),
  });
  const set = openTrainingSet(root, 'cifar10');
  t.equal(set.samples, 3);
  t.equal(set.bytes, 3 * (pixelBytes + 1));
  t.equal(set.synthetic, false);
  t.equal(diskBytesPerSample(set), 0, 'in memory');
  t.same([...set.labels!], [3, 9, 0]);
  t.equal(set.content.stored, 'memory');
  if (set.content.stored !== 'memory') return;
  t.same([...memoryRecord(set.content, 2).filter((_, i) => i % 1024 === 0)], [10, 20, 30]);

  const pixels = await decoded(t, set, [3, 32, 32], memoryRecord(set.content, 0));
  // (255/255 - 0.4914)/0.247, (0 - 0.4822)/0.2435, (51/255 - 0.4465)/0.2616
  for (const [plane, expected] of [2.0591093, -1.9802875, -0.9422783].entries()) {
    near(t, pixels[plane * 1024]!, expected, 1e-6, `plane ${plane}, first pixel`);
    near(t, pixels[plane * 1024 + 1023]!, expected, 1e-6, `plane ${plane}, last pixel`);
  }
  const enlarged = await decoded(t, set, [3, 48, 64], memoryRecord(set.content, 0));
  t.equal(enlarged.length, 3 * 48 * 64);
  near(t, enlarged[48 * 64 - 1]!, 2.0591093, 1e-6, 'flat colour stays what it was when resized');
});

t.test('CIFAR-100 takes the fine label; truncated and foreign files are named', async (t) => {
  const root = t.testdir();
  const file = path.join(root, 'cifar-100-binary/train.bin');
  writeFiles(root, {
    'cifar-100-binary/train.bin': Buffer.concat([cifarRecord([7, 42], [1, 2, 3]), cifarRecord([0, 99], [4, 5, 6])]),
  });
  t.same([...openTrainingSet(root, 'CIFAR100').labels!], [42, 99]);

  truncateSync(file, 2 * (pixelBytes + 2) - 1);
  const cut = openTrainingSet(root, 'CIFAR100');
  t.same([...cut.labels!], [42], 'whole records stay');
  const problem = `${file} is cut 3073 bytes into its last record of 3074 bytes`;
  t.same(cut.damage, { count: 1, first: problem });
  t.match(checkDatasets(root, { entries: [datasetEntry('CIFAR100')] })[0], {
    state: 'damaged',
    problem: `1 of 2 samples are left out, the first is this: ${problem}.`,
  });
  writeFileSync(file, cifarRecord([7, 100], [0, 0, 0]));
  t.throws(() => openTrainingSet(root, 'CIFAR100'), {
    name: 'InputError',
    message: /holds no whole training sample: .*train.bin has label 100 at byte 1, of 100 classes/,
  });
});

t.test('TinyImageNet: classes by wnids.txt, pixels of a JPEG of known colour', async (t) => {
  const root = t.testdir();
  const wnids = Array.from({ length: 200 }, (_, index) => `n${index}`);
  const flat = (channels: 3 | 4, background: { r: number; g: number; b: number }) =>
    sharp({ create: { width: 80, height: 40, channels, background } });
  const colour = await flat(3, { r: 200, g: 100, b: 50 }).jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer();
  const grey = await flat(3, { r: 90, g: 90, b: 90 }).toColourspace('b-w').jpeg().toBuffer();
  for (const wnid of wnids) mkdirSync(path.join(root, 'tiny-imagenet-200/train', wnid, 'images'), { recursive: true });
  writeFiles(root, {
    'tiny-imagenet-200/wnids.txt': `${wnids.join('\n')}\n`,
    'tiny-imagenet-200/train/n5/images/b.JPEG': grey,
    'tiny-imagenet-200/train/n5/images/a.JPEG': colour,
    'tiny-imagenet-200/train/n5/images/boxes.txt': 'no image',
    'tiny-imagenet-200/train/n2/images/c.JPEG': colour,
  });
  const set = openTrainingSet(root, 'TinyImageNet');
  t.same([...set.labels!], [2, 5, 5]);
  t.same(
    set.content.paths.map((file) => path.basename(file)),
    ['c.JPEG', 'a.JPEG', 'b.JPEG'],
  );
  t.equal(diskBytesPerSample(set), (2 * colour.length + grey.length) / 3);

  const shape = [3, 64, 64] as const;
  // One step of 255 is 0.0171-0.0175 after normalisation; JPEG is given two.
  const pixels = await decoded(t, set, shape, colour);
  near(t, pixels[0]!, (200 / 255 - 0.485) / 0.229, 0.036, 'red');
  near(t, pixels[4096 + 2000]!, (100 / 255 - 0.456) / 0.224, 0.036, 'green');
  near(t, pixels[3 * 4096 - 1]!, (50 / 255 - 0.406) / 0.225, 0.036, 'blue');
  const greyPixels = await decoded(t, set, shape, grey);
  near(t, greyPixels[0]!, (90 / 255 - 0.485) / 0.229, 0.036, 'grey image, red plane');
  near(t, greyPixels[3 * 4096 - 1]!, (90 / 255 - 0.406) / 0.225, 0.036, 'grey image, blue plane');

  await t.rejects(decoded(t, set, shape, colour.subarray(0, colour.length >> 1)), 'half a JPEG is damaged');
  writeFileSync(path.join(root, 'tiny-imagenet-200/wnids.txt'), 'n0\nn1\n');
  t.throws(() => openTrainingSet(root, 'TinyImageNet'), {
    message: /wnids.txt lists 2 classes where 200 are expected/,
  });
});

t.test('image layout: every pixel of a picture goes to its place', async (t) => {
  const root = t.testdir();
  const planes = Buffer.from(Array.from({ length: pixelBytes }, (_, i) => (i * 7) % 256));
  writeFiles(root, { 'cifar-10-batches-bin/data_batch_1.bin': Buffer.concat([Buffer.from([1]), planes]) });
  const set = openTrainingSet(root, 'CIFAR10');
  const interleaved = Buffer.from(planes.map((_, i) => planes[(i % 3) * 1024 + Math.floor(i / 3)]!));
  const png = await sharp(interleaved, { raw: { width: 32, height: 32, channels: 3 } })
    .png()
    .toBuffer();
  const fromPlanes = await decoded(t, set, [3, 32, 32], planes);
  // The same entry with its samples in (lossless) files: the other decoder must agree in every number.
  const fromFile = await decoded(t, { ...set, content: { stored: 'files', paths: [] } }, [3, 32, 32], png);
  t.same(fromFile, fromPlanes);
});

t.test('SST-2: sentences, labels, token ids', async (t) => {
  const root = t.testdir();
  const file = path.join(root, 'SST-2/train.tsv');
  writeFiles(root, { 'SST-2/train.tsv': 'sentence\tlabel\nA b B c \t1\r\nb \t0\n\t1\n' });
  const set = openTrainingSet(root, 'SST2');
  t.equal(set.samples, 3);
  t.same([...set.labels!], [1, 0, 1]);
  t.same(set.vocabularies, [['b', 'a', 'c']], 'by frequency, then alphabet; lower case');
  if (set.content.stored !== 'memory') throw new Error('SST-2 is held in memory');
  const decoder = sampleDecoder(set, { kind: 'text', sequenceLength: 6, vocabularySize: 4 });
  const batch = new ArrayBuffer(2 * 6 * 8);
  new BigInt64Array(batch).fill(77n);
  decoder.decode(memoryRecord(set.content, 0), batch, 1, new ArrayBuffer(0));
  t.same([...new BigInt64Array(batch, 48)], [3n, 2n, 2n, 1n, 0n, 0n], 'c is beyond a vocabulary of 4: unknown');
  t.equal(new BigInt64Array(batch)[5], 77n, 'slot 0 is untouched');

  t.throws(() => decoder.decode(memoryRecord(set.content as MemorySamples, 2), batch, 1, batch), /an empty text/);
  appendFileSync(file, 'no label\nlast one\t0');
  const damaged = openTrainingSet(root, 'SST2');
  t.same(damaged.damage, {
    count: 1,
    first: `${file}, line 5 is not a sentence, a tab and the label 0 or 1`,
  });
  t.same([...damaged.labels!], [1, 0, 1, 0]);
  t.equal(sampleName(damaged, 3), 'train.tsv of SST2, line 6');
  writeFileSync(file, 'text\tlabel\n');
  t.throws(() => openTrainingSet(root, 'SST2'), { message: /does not begin with the header/ });
});

t.test('tokenizer: cut at the sequence length, limited vocabulary, start and end of targets', async (t) => {
  const counts = new WordCounts();
  for (const text of ['x x x', 'y y', 'z Z']) counts.add(text);
  t.same(counts.words(2), ['x', 'y']);
  const encoded = (text: string, tokenizer: Tokenizer) => {
    const ids = new BigInt64Array(7).fill(9n);
    tokenizer.encode(text, ids, 1);
    return [...ids].map(Number);
  };
  t.same(encoded('x  q\tx x', new Tokenizer(['x'], 3, 3)), [9, 2, 1, 2, 9, 9, 9]);
  t.same(encoded('x y', new Tokenizer(['x', 'y'], 3, 3)), [9, 2, 1, 0, 9, 9, 9], '3 ids leave room for one word');
  const target = new Tokenizer(['x', 'y'], 6, 5, 'framed');
  t.same(encoded('y q', target), [9, 2, 5, 1, 3, 0, 9], 'start, y, unknown, end, padding');
  t.same(encoded('x x x', target), [9, 2, 4, 4, 4, 3, 9], 'full');
  t.same(encoded('x x x x', target), [9, 2, 4, 4, 4, 4, 9], 'cut: there is no end');
});

t.test('unknown and missing data sets', async (t) => {
  const root = t.testdir();
  t.throws(() => datasetEntry('MNIST'), {
    name: 'InputError',
    message: "Unknown data set 'MNIST': give one of TinyImageNet, CIFAR10, CIFAR100, STL10, SST2, IMDB, WMT14, CNNDM.",
  });
  t.throws(() => openTrainingSet(root, 'CIFAR10'), { code: 'MISSING_DATA', message: /data prepare --data-root/ });
  t.same(
    checkDatasets(root).map(({ dataset, state, samples, origin }) => ({ dataset, state, samples, origin })),
    catalogue.map(({ name }) => ({ dataset: name, state: 'missing', samples: 0, origin: null })),
  );
});

/** Of the names and bytes of a set's training files. */
function contentHash(root: string, name: string): string {
  const hash = createHash('sha256');
  for (const file of openTrainingSet(root, name).content.paths) {
    hash.update(path.relative(root, file)).update(readFileSync(file));
  }
  return hash.digest('hex');
}

t.test('prepare: real formats, a marker, the same for the same seed', async (t) => {
  const root = t.testdir({ a: {}, b: {}, c: {} });
  const [a, b, c] = ['a', 'b', 'c'].map((name) => path.join(root, name)) as [string, string, string];
  const done: Record<string, number> = {};
  const prepared = await prepareDatasets(a, {
    samples: 23,
    seed: 7,
    onProgress: (progress) => {
      done[progress.dataset] = progress.done;
    },
  });
  t.same(
    prepared.map(({ dataset, samples, state }) => [dataset, samples, state]),
    catalogue.map(({ name }) => [name, 23, 'made']),
  );
  t.same(done, Object.fromEntries(catalogue.map(({ name }) => [name, 23])));
  for (const report of checkDatasets(a, { thorough: true })) {
    t.match(report, { state: 'present', samples: 23, origin: 'synthetic', problem: null });
  }
  const tiny = openTrainingSet(a, 'TinyImageNet');
  t.equal(tiny.synthetic, true);
  const { format, width, height, channels } = await sharp(tiny.content.paths[22]).metadata();
  t.same({ format, width, height, channels }, { format: 'jpeg', width: 64, height: 64, channels: 3 });
  const mean = diskBytesPerSample(tiny);
  t.ok(mean > 1400 && mean < 3000, `about 2 kB a picture (${mean})`);

  await prepareDatasets(b, { samples: 23, seed: 7 });
  await prepareDatasets(c, { samples: 23, seed: 8 });
  for (const { name } of catalogue) {
    t.equal(contentHash(a, name), contentHash(b, name), `${name}: the same bytes`);
    t.not(contentHash(a, name), contentHash(c, name), `${name}: another seed, other bytes`);
  }
});

t.test('prepare replaces what it made, and nothing else', async (t) => {
  const root = t.testdir();
  const once = () => prepareDatasets(root, { samples: 5, seed: 1, datasets: ['CIFAR10'] });
  t.equal((await once())[0]!.state, 'made');
  t.equal((await once())[0]!.state, 'kept');
  t.match((await prepareDatasets(root, { samples: 6, seed: 1, datasets: ['CIFAR10'] }))[0], {
    state: 'made',
    samples: 6,
  });

  const file = path.join(root, 'cifar-10-batches-bin/data_batch_2.bin');
  const real = Buffer.concat([
    cifarRecord([3], [255, 0, 51]),
    cifarRecord([9], [1, 2, 3]),
    cifarRecord([9], [1, 2, 3]),
  ]);
  writeFileSync(file, real);
  await t.rejects(once(), InputError, 'files were put over the synthetic ones');
  t.same(readFileSync(file), real);
  t.match(checkDatasets(root, { entries: [datasetEntry('CIFAR10')] })[0], {
    state: 'damaged',
    problem: /8 samples where its SYNTHETIC.json says 6/,
  });

  writeFiles(root, { 'SST-2/train.tsv': 'sentence\tlabel\nmine \t1\n' });
  await t.rejects(prepareDatasets(root, { samples: 5, seed: 1, datasets: ['SST2'] }), InputError);
  t.match(readFileSync(path.join(root, 'SST-2/train.tsv'), 'utf8'), /mine/);
  await t.rejects(prepareDatasets(root, { samples: 0 }), InputError);
});

t.test('check names truncated images', async (t) => {
  const root = t.testdir();
  await prepareDatasets(root, { samples: 4, datasets: ['TinyImageNet'] });
  const [, second] = openTrainingSet(root, 'TinyImageNet').content.paths;
  const whole = readFileSync(second!);
  // Same number of bytes, end missing: a download that was cut and padded.
  writeFileSync(second!, Buffer.concat([whole.subarray(0, 500), Buffer.alloc(whole.length - 500)]));
  const [report] = checkDatasets(root, { entries: [datasetEntry('TinyImageNet')] });
  t.match(report, {
    state: 'damaged',
    samples: 4,
    problem: `1 of 4 images are truncated or no JPEG, the first is ${second}.`,
  });
});
