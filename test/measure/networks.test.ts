import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import type { Family, Row } from '#src/base/columns.js';
import { catalogue } from '#src/data/catalogue.js';
import { openTrainingSet } from '#src/data/open.js';
import { prepareDatasets } from '#src/data/prepare.js';
import { cpuCapOf } from '#src/measure/cpu-cap.js';
import { measureTrials } from '#src/measure/run-trials.js';
import { trialOutcome } from '#src/measure/trial/outcome.js';
import { planTrials, type TrialOptions } from '#src/measure/trial/plan.js';
import { cpuDevice, type TrialSettings } from '#src/measure/trial/settings.js';
import type { Trial } from '#src/measure/trial/trial.js';
import { networks } from '#src/networks/index.js';

// Every network on every data set that ORION measures it on: the columns of its record that come from the data; and every
// data set in an iteration of the networks that train fastest (ORION_ALL_NETWORKS=1: of all of them, minutes). Batches and
// texts are short.

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
    maximumVocabulary: 20,
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
  if (model === 'DistilBERT') return { seq_len: 6, src_len: 6, tgt_len: null, vocab_size: 20 };
  return dataset === 'WMT14'
    ? { seq_len: null, src_len: 7, tgt_len: 7, vocab_size: 20 }
    : { seq_len: null, src_len: 9, tgt_len: 5, vocab_size: 20 };
}

function trialOf(model: string, dataset: string): Trial {
  const { family } = networks[model]!;
  const chosen = { ...options[family], models: [model], datasets: [dataset], limit: 1 };
  return planTrials(family, 'full', chosen, here)[0]!;
}

function expectedRow(model: string, dataset: string): Row {
  return {
    ...expectedColumns(networks[model]!.family, model, dataset),
    model,
    dataset,
    dataset_size: samples,
    batch_size: 2,
    data: 'synthetic',
  };
}

const settings: TrialSettings = { dataRoot, device: cpuDevice, cpuCap, protocol: 'orion', warmup: 0, measure: 1 };

t.test('the record of every network on every of its data sets', async (t) => {
  for (const [model, { datasets }] of Object.entries(networks)) {
    for (const dataset of datasets) {
      const ending = { status: 'skipped', reason: null, samples: null } as const;
      const set = openTrainingSet(dataRoot, dataset);
      const { row } = trialOutcome(trialOf(model, dataset), set, settings, new Date(), ending);
      t.match(row, expectedRow(model, dataset), `${model} on ${dataset}`);
    }
  }
});

t.test('an iteration on every data set', async (t) => {
  const all = process.env.ORION_ALL_NETWORKS !== undefined;
  const fast = ['mobilenetv2', 'mixer', 'resmlp', 'asmlp', 'DistilBERT', 'Transformer'];
  const trials = (all ? Object.keys(networks) : fast).flatMap((model) =>
    networks[model]!.datasets.map((dataset) => trialOf(model, dataset)),
  );
  const met = new Set<string>();
  for await (const { trial, row, status, reason, samples: measured } of measureTrials(trials, settings)) {
    const what = `${trial.model} on ${trial.dataset}`;
    t.equal(status, 'ok', `${what}: ${reason}`);
    t.match(row, expectedRow(trial.model, trial.dataset), what);
    t.ok(measured.losses.length === 1 && measured.losses[0]! > 0, `${what}: loss ${measured.losses}`);
    met.add(trial.dataset);
  }
  t.same([...met].sort(), catalogue.map(({ name }) => name).sort());
});

t.test('every data set has its network', async (t) => {
  const used = new Set(Object.values(networks).flatMap(({ datasets }) => datasets));
  t.same(catalogue.map(({ name }) => name).sort(), [...used].sort());
});
