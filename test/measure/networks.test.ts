import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import type { Family, Row } from '#src/base/columns.js';
import { catalogue } from '#src/data/catalogue.js';
import { prepareDatasets } from '#src/data/prepare.js';
import { cpuCapOf } from '#src/measure/cpu-cap.js';
import { measureTrials } from '#src/measure/run-trials.js';
import { planTrials, type TrialOptions } from '#src/measure/trial/plan.js';
import { cpuDevice, type TrialSettings } from '#src/measure/trial/settings.js';
import { networks } from '#src/networks/index.js';

// Every network on every data set that ORION measures it on: one iteration on a synthetic set, and the columns that come
// from the data. The networks keep their depth but for the MLPs; batches and texts are short.

const samples = 4;
const cpuCap = cpuCapOf();
const here = { provider: 'cpu', gpuName: 'CPU', cpuCap } as const;
const dataRoot = t.testdir();
t.before(() => prepareDatasets(dataRoot, { samples }));

/** orion.md, section 1: channels, height, width and classes of the image sets. */
const images: Record<string, [shape: string, classes: number]> = {
  TinyImageNet: ['(3, 64, 64)', 200],
  CIFAR10: ['(3, 32, 32)', 10],
  CIFAR100: ['(3, 32, 32)', 100],
  STL10: ['(3, 96, 96)', 10],
};

/** Mean size of the files that end so below a folder. */
function meanFileBytes(folder: string, ending: string): number {
  const files = readdirSync(path.join(dataRoot, folder), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith(ending),
  );
  return files.reduce((sum, name) => sum + statSync(path.join(dataRoot, folder, name)).size, 0) / files.length;
}

const common: TrialOptions = { batchSizes: [2], workers: [1], storageModes: ['NVME'] };
const options: Record<Family, TrialOptions> = {
  cnn: common,
  mlp: { ...common, embedDims: [16], depth: 1 },
  transformer: {
    ...common,
    maximumVocabulary: 50,
    sequenceLength: 6,
    translationLength: 7,
    articleLength: 9,
    summaryLength: 5,
  },
};

function expectedColumns(family: Family, model: string, dataset: string): Row {
  const [shape, classes] = images[dataset] ?? [null, null];
  if (family === 'mlp') return { input_shape: shape!, num_classes: classes! };
  if (family === 'cnn') {
    const diskBytes = dataset === 'TinyImageNet' ? meanFileBytes('tiny-imagenet-200', '.JPEG') : 0;
    return { input_shape: shape!, num_classes: classes!, disk_bytes_per_sample: diskBytes };
  }
  // 224 x 224 pixels in patches of 16: 14 x 14 of them.
  if (shape) return { seq_len: 196, tgt_len: null, img_size: 224, vocab_size: null };
  if (model === 'DistilBERT') return { seq_len: 6, src_len: 6, tgt_len: null, vocab_size: 50 };
  return dataset === 'WMT14'
    ? { seq_len: null, src_len: 7, tgt_len: 7, vocab_size: 50 }
    : { seq_len: null, src_len: 9, tgt_len: 5, vocab_size: 50 };
}

for (const [model, { family, datasets }] of Object.entries(networks)) {
  t.test(`${model} on ${datasets.join(' and ')}`, async (t) => {
    const trials = datasets.flatMap((dataset) =>
      planTrials(family, 'full', { ...options[family], models: [model], datasets: [dataset], limit: 1 }, here),
    );
    const settings: TrialSettings = { dataRoot, device: cpuDevice, cpuCap, protocol: 'orion', warmup: 0, measure: 1 };
    const met: string[] = [];
    for await (const { trial, row, status, reason, samples: measured } of measureTrials(trials, settings)) {
      t.equal(status, 'ok', `${trial.dataset}: ${reason}`);
      t.match(row, {
        ...expectedColumns(family, model, trial.dataset),
        model,
        dataset: trial.dataset,
        dataset_size: samples,
        batch_size: 2,
        data: 'synthetic',
      });
      t.ok(measured.losses.length === 1 && Number.isFinite(measured.losses[0]), `${measured.losses}`);
      met.push(trial.dataset);
    }
    t.same(met, datasets);
  });
}

t.test('every data set has its network', async (t) => {
  const used = new Set(Object.values(networks).flatMap(({ datasets }) => datasets));
  t.same(catalogue.map(({ name }) => name).sort(), [...used].sort());
});
