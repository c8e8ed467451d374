import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { openTrainingSet } from '#src/data/open.js';
import { prepareDatasets } from '#src/data/prepare.js';
import { cpuCapOf } from '#src/measure/cpu-cap.js';
import { measureTrials } from '#src/measure/run-trials.js';
import { planTrials } from '#src/measure/trial/plan.js';
import { cpuDevice } from '#src/measure/trial/settings.js';

const samples = 8;

t.test('a sweep goes on over damaged data, and its records say what was met', async (t) => {
  const dataRoot = t.testdir();
  await prepareDatasets(dataRoot, { samples, datasets: ['CIFAR100', 'TinyImageNet', 'SST2'] });
  const cifar = path.join(dataRoot, 'cifar-100-binary/train.bin');
  truncateSync(cifar, readFileSync(cifar).length - 1);
  const picture = openTrainingSet(dataRoot, 'TinyImageNet').content.paths[3]!;
  truncateSync(picture, 600);
  const phrases = path.join(dataRoot, 'SST-2/train.tsv');
  const lines = readFileSync(phrases, 'latin1').trimEnd().split('\n');
  lines[2] = 'no label';
  lines[5] = 'caf\xe9 \t1';
  writeFileSync(phrases, lines.join('\n'), 'latin1');

  const cpuCap = cpuCapOf();
  const here = { provider: 'cpu', gpuName: 'CPU', cpuCap } as const;
  const common = { workers: [1], storageModes: ['NVME'], limit: 1 } as const;
  const mlp = { ...common, batchSizes: [7], embedDims: [16], depth: 1 };
  const text = { ...common, batchSizes: [7], sequenceLength: 4, maximumVocabulary: 10 };
  const trials = [
    ...planTrials('mlp', 'quick', { ...mlp, datasets: ['CIFAR100'] }, here),
    ...planTrials('mlp', 'quick', { ...mlp, datasets: ['TinyImageNet'] }, here),
    ...planTrials('transformer', 'quick', { ...text, datasets: ['SST2'] }, here),
  ];
  const settings = { dataRoot, device: cpuDevice, cpuCap, protocol: 'orion', warmup: 2, measure: 2 } as const;
  const rows = [];
  for await (const { row } of measureTrials(trials, settings)) rows.push(row);
  t.match(rows, [
    { status: 'ok', dataset: 'CIFAR100', dataset_size: samples - 1 },
    { status: 'ok', dataset: 'TinyImageNet', dataset_size: samples },
    { status: 'ok', dataset: 'SST2', dataset_size: samples - 1 },
  ]);
  const reasons = rows.map(({ reason }) => String(reason));
  t.match(reasons[0], `1 damaged sample was left out of the data set; the first is this: ${cifar} is cut 3073 bytes`);
  t.match(reasons[1], /^\d+ damaged samples were replaced by the next one; the first is /);
  t.match(reasons[1], picture);
  t.match(reasons[2], `1 damaged sample was left out of the data set; the first is this: ${phrases}, line 3 is not`);
  t.match(reasons[2], /; \d+ damaged samples were replaced by the next one; the first is train.tsv of SST2, line 6: /);
});
