import { appendFileSync, chmodSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import t, { type Test } from 'tap';
import { nativeStatus } from '#src/base/native.js';
import { datasetEntry } from '#src/data/catalogue.js';
import { checkDatasets } from '#src/data/check.js';
import type { SampleShape } from '#src/data/decode.js';
import { openTrainingSet } from '#src/data/open.js';
import { prepareDatasets } from '#src/data/prepare.js';
import type { TrainingSet } from '#src/data/training-set.js';
import { BatchMaker } from '#src/measure/loader/batch-maker.js';
import { type StorageMode, storageModes } from '#src/measure/storage-mode.js';

const unprivilegedUser = 65534;

/** What a set's loader meets when it goes through all samples once in a storage mode. */
async function goThrough(set: TrainingSet, shape: SampleShape, mode: StorageMode) {
  const maker = new BatchMaker(set, shape, mode);
  const batch = maker.buffers(set.samples);
  await maker.fill(
    batch,
    Uint32Array.from({ length: set.samples }, (_, index) => index),
    () => false,
  );
  return { batch, damage: maker.totals.damage };
}

/** What a set's loader meets, which is the same in every mode, and the sentence of a thorough check. */
async function meet(t: Test, root: string, name: string, shape: SampleShape) {
  const set = openTrainingSet(root, name);
  const { batch, damage } = await goThrough(set, shape, 'NVME');
  for (const mode of nativeStatus().addon ? storageModes : []) {
    t.same(await goThrough(set, shape, mode), { batch, damage }, `mode ${mode} meets the same`);
  }
  const [report] = checkDatasets(root, { entries: [datasetEntry(name)], thorough: true });
  return { set, batch, damage, report: report! };
}

/** Runs as a user whom permissions bind: root is not. */
async function withoutPrivileges<Result>(work: () => Result | Promise<Result>): Promise<Result> {
  if (process.geteuid!() !== 0) return work();
  process.seteuid!(unprivilegedUser);
  try {
    return await work();
  } finally {
    process.seteuid!(0);
  }
}

async function prepared(t: Test, name: string): Promise<string> {
  const root = t.testdir();
  await prepareDatasets(root, { samples: 6, datasets: [name] });
  return root;
}

const text = { kind: 'text', sequenceLength: 4, vocabularySize: 30_000 } as const;
const pair = { kind: 'text-pair', sequenceLength: 4, targetLength: 4, vocabularySize: 30_000 } as const;
const image = { kind: 'image', shape: [3, 64, 64] } as const;

t.test('a damaged and an empty JPEG', async (t) => {
  const root = await prepared(t, 'TinyImageNet');
  const { paths } = openTrainingSet(root, 'TinyImageNet').content;
  truncateSync(paths[2]!, 700);
  truncateSync(paths[4]!, 0);
  const { set, damage, report } = await meet(t, root, 'TinyImageNet', image);
  t.equal(set.samples, 5);
  t.same(set.damage, { count: 1, first: `${paths[4]} is empty` });
  t.equal(damage.count, 1);
  t.match(damage.first, `${paths[2]}: `);
  t.match(report, { state: 'damaged', samples: 5 });
});

t.test('an empty review, one that is not UTF-8, one without a word', async (t) => {
  const root = await prepared(t, 'IMDB');
  const { paths } = openTrainingSet(root, 'IMDB').content;
  truncateSync(paths[0]!, 0);
  writeFileSync(paths[1]!, Uint8Array.of(0x67, 0x75, 0xff, 0x74));
  writeFileSync(paths[5]!, ' <br /> \n');
  const { set, batch, damage, report } = await meet(t, root, 'IMDB', text);
  t.same(set.damage, { count: 1, first: `${paths[0]} is empty` });
  t.same(damage, { count: 3, first: `${paths[1]}: The encoded data was not valid for encoding utf-8` });
  // Of the negative reviews 0 to 2, 0 is left out and 2 stands in for 1. After 5 comes 1 again: it is met twice.
  t.same([...new BigInt64Array(batch.labels)].slice(0, 2), [0n, 0n]);
  t.match(report, {
    state: 'damaged',
    problem: `1 of 6 samples are left out, the first is this: ${paths[0]} is empty.`,
  });
  rmSync(paths[0]!);
  rmSync(path.join(root, 'aclImdb/SYNTHETIC.json'));
  t.match(checkDatasets(root, { entries: [datasetEntry('IMDB')], thorough: true })[0], {
    state: 'damaged',
    problem: `2 of 5 texts are damaged, the first is ${paths[1]} (The encoded data was not valid for encoding utf-8).`,
  });
  t.match(
    checkDatasets(root, { entries: [datasetEntry('IMDB')] })[0],
    { state: 'present' },
    'texts are read when asked',
  );
});

t.test('lines that are not UTF-8, not JSON, or lack a text', async (t) => {
  const wmt = await prepared(t, 'WMT14');
  const target = path.join(wmt, 'wmt14.en-de/train.en');
  const lines = readFileSync(target, 'latin1').split('\n');
  writeFileSync(target, [lines[0], 'caf\xe9', ...lines.slice(2)].join('\n'), 'latin1');
  t.match((await meet(t, wmt, 'WMT14', pair)).damage, {
    count: 1,
    first: 'train.de of WMT14, line 2: The encoded data was not valid for encoding utf-8',
  });

  const cnndm = await prepared(t, 'CNNDM');
  const file = path.join(cnndm, 'cnn_dailymail/train.jsonl');
  appendFileSync(file, '{"article": "cut off\n{"article": "alone"}\nnull\n{"article": " ", "highlights": "b"}\n');
  const { set, damage, report } = await meet(t, cnndm, 'CNNDM', pair);
  t.equal(set.samples, 10);
  // Each of the four looks for a whole one after it, past the other ones.
  t.equal(damage.count, 4 + 3 + 2 + 1);
  t.match(damage.first, /^train\.jsonl of CNNDM, line 7: .*JSON/);
  t.match(report.problem, /holds 10 samples where its SYNTHETIC.json says 6/);

  const csv = path.join(cnndm, 'cnn_dailymail/train.csv');
  rmSync(file);
  writeFileSync(csv, 'id,article,highlights\n1,one two,one\n2,three\n3,"four five",four\n');
  t.match((await meet(t, cnndm, 'CNNDM', pair)).damage, {
    count: 1,
    first: 'train.csv of CNNDM, line 3: it has 2 cells instead of 3',
  });
  writeFileSync(csv, 'id,text\n1,one\n');
  t.throws(() => openTrainingSet(cnndm, 'CNNDM'), {
    name: 'InputError',
    message: `${csv} has the columns id, text, not article and highlights.`,
  });
});

t.test('nothing that can be read: one sentence each', async (t) => {
  const folders: [name: string, files: Record<string, string>, code: string, message: RegExp][] = [
    ['CIFAR10', {}, 'MISSING_DATA', /holds no training samples: unpack https:/],
    ['CIFAR10', { 'data_batch_1.bin': '' }, 'MISSING_DATA', /holds no training samples/],
    ['STL10', { 'train_X.bin': 'x' }, 'BAD_INPUT', /train_y.bin cannot be read \(ENOENT: no such file or directory\)/],
    ['SST2', { 'train.tsv': '' }, 'BAD_INPUT', /train.tsv does not begin with the header/],
    [
      'SST2',
      { 'train.tsv': 'sentence\tlabel\nx\n' },
      'BAD_INPUT',
      /holds no whole training sample: .*train.tsv, line 2/,
    ],
    ['IMDB', { 'train.txt': 'x' }, 'BAD_INPUT', /train.neg is missing: unpack https:/],
    ['WMT14', { 'train.de': 'x' }, 'BAD_INPUT', /train.en is missing: get it from https:/],
    ['WMT14', { 'train.de': '', 'train.en': '' }, 'MISSING_DATA', /holds no training samples/],
    ['CNNDM', { 'test.csv': 'x' }, 'BAD_INPUT', /Neither .*train.jsonl nor .*train.csv is there: get one from https:/],
    ['CNNDM', { 'train.jsonl': '' }, 'MISSING_DATA', /holds no training samples/],
    ['CNNDM', { 'train.csv': 'id,article,highlights\n' }, 'MISSING_DATA', /holds no training samples/],
  ];
  for (const [name, files, code, message] of folders) {
    const root = t.testdir({ [datasetEntry(name).folder]: files });
    t.throws(() => openTrainingSet(root, name), { name: 'InputError', code, message }, `${name} ${Object.keys(files)}`);
  }
});

t.test('paths without permission', async (t) => {
  const root = await prepared(t, 'IMDB');
  await prepareDatasets(root, { samples: 6, datasets: ['CIFAR100', 'WMT14', 'TinyImageNet'] });
  const forbidden: string[] = [];
  const forbid = (name: string) => {
    const target = path.join(root, name);
    chmodSync(target, 0);
    forbidden.push(target);
    return target;
  };
  const refused = (name: string, target: string) =>
    t.rejects(
      withoutPrivileges(() => openTrainingSet(root, name)),
      {
        name: 'InputError',
        message: `${target} cannot be read (EACCES: permission denied).`,
      },
    );
  await refused('CIFAR100', forbid('cifar-100-binary/train.bin'));
  await refused('WMT14', forbid('wmt14.en-de/train.en'));
  await refused('TinyImageNet', forbid('tiny-imagenet-200/train/n90000002/images'));
  await refused('TinyImageNet', forbid('tiny-imagenet-200/wnids.txt'));
  const { paths } = openTrainingSet(root, 'IMDB').content;
  chmodSync(paths[3]!, 0);
  await withoutPrivileges(async () => {
    const { set, damage, report } = await meet(t, root, 'IMDB', text);
    t.equal(set.samples, 6);
    t.match(damage, { count: 1, first: /permission denied/i });
    t.match(report.problem, `1 of 6 texts are damaged, the first is ${paths[3]} (EACCES: permission denied`);
  });
  await refused('IMDB', forbid('aclImdb/train/neg'));
  await refused('WMT14', forbid('wmt14.en-de'));
  forbid('.');
  await t.rejects(
    withoutPrivileges(() => openTrainingSet(root, 'CIFAR100')),
    {
      name: 'InputError',
      message: `${path.join(root, 'cifar-100-binary')} cannot be reached (EACCES: permission denied).`,
    },
  );
  // The outermost first, so that the test's folder can be removed.
  for (const target of forbidden.reverse()) chmodSync(target, 0o755);
});
