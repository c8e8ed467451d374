import t from 'tap';
import type { Family } from '#src/base/columns.js';
import { planTrials, type TrialOptions } from '#src/measure/trial/plan.js';
import type { Trial } from '#src/measure/trial/trial.js';

const here = { provider: 'cpu', gpuName: 'CPU', cpuCap: 2 } as const;
/** The sweep's values of workers, up to 16, are not clamped. */
const wide = { ...here, cpuCap: 64 } as const;
const gpu = { provider: 'cuda', gpuName: 'GPU', cpuCap: 64 } as const;

/** Values that a network is swept over: a row of the specification. */
interface Grid {
  datasets: string[];
  batches: number[];
  rates: number[];
  optimizers: string[];
  embeddings?: number[];
}

const cnn = { batches: [32, 64, 128, 256], rates: [5e-4, 1e-3, 2e-3], optimizers: ['SGD', 'AdamW'] };
const mlp = {
  batches: [32, 128, 256],
  rates: [5e-4, 1e-3, 2e-3],
  optimizers: ['AdamW', 'SGD'],
  embeddings: [128, 256],
};

/** orion.md, section 1, copied by hand. */
const specification: Record<Family, Record<string, Grid[]>> = {
  cnn: {
    resnet50: [{ ...cnn, datasets: ['TinyImageNet', 'CIFAR10'] }],
    vgg16: [{ ...cnn, datasets: ['TinyImageNet', 'CIFAR100'] }],
    densenet121: [{ ...cnn, datasets: ['CIFAR100', 'TinyImageNet'] }],
    mobilenetv2: [{ ...cnn, datasets: ['CIFAR10', 'STL10'] }],
  },
  mlp: {
    mixer: [{ ...mlp, datasets: ['TinyImageNet', 'STL10'] }],
    resmlp: [{ ...mlp, datasets: ['CIFAR100', 'TinyImageNet'] }],
    asmlp: [{ ...mlp, datasets: ['TinyImageNet', 'STL10'] }],
  },
  transformer: {
    DistilBERT: [
      {
        datasets: ['SST2', 'IMDB'],
        batches: [8, 16, 32],
        rates: [1e-4, 2e-4, 5e-4],
        optimizers: ['AdamW', 'Adafactor'],
      },
    ],
    'DeiT-Tiny': [
      {
        datasets: ['CIFAR100', 'TinyImageNet'],
        batches: [32, 48, 64],
        rates: [1e-3, 2e-3, 3e-3],
        optimizers: ['AdamW', 'Adam'],
      },
    ],
    ViT: [
      {
        datasets: ['CIFAR100', 'STL10'],
        batches: [4, 8, 16],
        rates: [5e-4, 1e-3, 2e-3],
        optimizers: ['AdamW', 'Adam'],
      },
    ],
    Transformer: [
      { datasets: ['WMT14'], batches: [8, 16, 32], rates: [3e-4, 5e-4, 1e-3], optimizers: ['AdamW', 'Adafactor'] },
      { datasets: ['CNNDM'], batches: [2, 4, 8], rates: [2e-4, 3e-4, 5e-4], optimizers: ['AdamW', 'Adafactor'] },
    ],
  },
};

/** Every trial of a grid as one line. */
function combinations(model: string, grid: Grid, precisions: number[]): string[] {
  const values: (readonly (string | number | null)[])[] = [
    [model],
    grid.datasets,
    grid.batches,
    grid.rates,
    grid.optimizers,
    precisions,
    [4, 8, 16],
    ['NVME', 'SSD'],
    grid.embeddings ?? [null],
  ];
  return values.reduce<string[]>(
    (lines, choices) => lines.flatMap((line) => choices.map((choice) => `${line} ${choice}`)),
    [''],
  );
}

const lineOf = (trial: Trial): string => {
  const { model, dataset, batchSize, learningRate, optimizer, precision, workers, storage, embedDim } = trial;
  return ` ${[model, dataset, batchSize, learningRate, optimizer, precision, workers, storage].join(' ')} ${embedDim}`;
};

t.test('the full sweep is the grid of the specification', async (t) => {
  for (const family of ['cnn', 'mlp', 'transformer'] as const) {
    const models = Object.keys(specification[family]);
    const lines = (precisions: number[], names: string[]) =>
      names.flatMap((model) => specification[family][model]!.flatMap((grid) => combinations(model, grid, precisions)));
    const swept = (context: typeof wide | typeof gpu, options: TrialOptions = {}) =>
      planTrials(family, 'full', options, context).map(lineOf).sort();
    t.same(swept(wide, { models }), lines([32], models).sort(), `${family} on the CPU`);
    t.same(swept(gpu, { models }), lines([16, 32], models).sort(), `${family} on a GPU: precision 16 too`);
    const byDefault = models.filter((model) => model !== 'mobilenetv2');
    t.same(swept(wide), lines([32], byDefault).sort(), `${family}: mobilenetv2 on request`);
  }
});

t.test('trials of the full sweep, counted by hand', async (t) => {
  // Rates x optimizers x workers x storage modes are 3 x 2 x 3 x 2 = 36 everywhere.
  const counts = {
    // 3 networks x 2 data sets x 4 batch sizes
    cnn: 24 * 36,
    // 3 networks x 2 data sets x 3 batch sizes x 2 embeddings
    mlp: 36 * 36,
    // 4 networks x 2 data sets x 3 batch sizes
    transformer: 24 * 36,
  };
  for (const family of ['cnn', 'mlp', 'transformer'] as const) {
    t.equal(planTrials(family, 'full', {}, wide).length, counts[family], family);
    t.equal(planTrials(family, 'full', {}, gpu).length, 2 * counts[family], `${family} on a GPU`);
  }
  t.same(counts, { cnn: 864, mlp: 1296, transformer: 864 });
  const eight = planTrials('cnn', 'full', {}, { ...wide, cpuCap: 8 });
  t.equal(eight.length, 576, '16 workers are clamped to 8, which are there already');
  t.same([...new Set(eight.map(({ workers }) => workers))].sort(), [4, 8]);
});

t.test('lengths of texts are those of the specification', async (t) => {
  const lengths = (model: string, dataset: string) => {
    const trials = planTrials('transformer', 'full', { models: [model], datasets: [dataset] }, wide);
    return new Set(trials.map((trial) => `${trial.sequenceLength} ${trial.targetLength} ${trial.maximumVocabulary}`));
  };
  t.same([...lengths('DistilBERT', 'SST2')], ['128 null 30000']);
  t.same([...lengths('DistilBERT', 'IMDB')], ['128 null 30000']);
  t.same([...lengths('Transformer', 'WMT14')], ['128 128 30000']);
  t.same([...lengths('Transformer', 'CNNDM')], ['512 128 30000']);
  t.same([...lengths('ViT', 'STL10')], ['null null null']);
});

t.test('the quick sweep is small and still varies what a table is grouped by', async (t) => {
  for (const family of ['cnn', 'mlp', 'transformer'] as const) {
    const quick = planTrials(family, 'quick', {}, here);
    t.ok(quick.length >= 16 && quick.length <= 32, `${family}: ${quick.length} quick trials`);
    for (const key of ['workers', 'storage', 'batchSize', 'id'] as const) {
      const values = new Set(quick.map((trial) => trial[key])).size;
      t.ok(key === 'id' ? values === quick.length : values >= 2, `${family}: ${values} values of ${key}`);
    }
    for (const model of Object.keys(specification[family])) {
      t.ok(planTrials(family, 'quick', { models: [model] }, here).length > 0, `${model} has a quick sweep`);
    }
  }
  const asked = planTrials('transformer', 'quick', { datasets: ['IMDB'] }, here);
  t.same([...new Set(asked.map(({ model, dataset }) => `${model} ${dataset}`))], ['DistilBERT IMDB']);
});

/** What trials of one training session have in common. */
const sessionOf = (trial: Trial): string =>
  [trial.model, trial.dataset, trial.batchSize, trial.optimizer, trial.precision, trial.embedDim].join(' ');

t.test('the interleaved order', async (t) => {
  for (const family of ['cnn', 'mlp', 'transformer'] as const) {
    const trials = planTrials(family, 'full', {}, wide);
    const listed = planTrials(family, 'full', { order: 'listed' }, wide);
    const ids = (some: readonly Trial[]) => some.map(({ id }) => id);
    t.same(ids(trials).sort(), ids(listed).sort(), `${family}: the trials of the listed order`);
    t.not(ids(trials).join(), ids(listed).join());
    t.same(ids(planTrials(family, 'full', {}, wide)), ids(trials), 'the same by the same seed');

    const changes = trials.filter((trial, i) => i > 0 && sessionOf(trial) !== sessionOf(trials[i - 1]!)).length;
    t.equal(changes + 1, new Set(trials.map(sessionOf)).size, `${family}: a session is opened once`);
    const [first] = trials;
    const block = trials.filter((trial) => sessionOf(trial) === sessionOf(first!));
    const unshuffled = listed.filter((trial) => sessionOf(trial) === sessionOf(first!));
    t.not(ids(block).join(), ids(unshuffled).join(), 'the trials of a session are shuffled');

    // Blocks of a network stand within one of where an even spread has them; a second one is cut by the slice.
    const models = [...new Set(trials.map(({ model }) => model))];
    const blockSize = block.length;
    for (const parts of [2, 4]) {
      const part = trials.slice(0, trials.length / parts);
      for (const model of models) {
        const share = part.filter((trial) => trial.model === model).length;
        const even = part.length / models.length;
        t.ok(Math.abs(share - even) <= 2 * blockSize, `${family}: 1/${parts} has ${share} of ${model}, evenly ${even}`);
      }
    }
  }
  const seeded = (seed: number) => planTrials('cnn', 'full', { seed }, wide).map(lineOf);
  t.not(seeded(1).join(), seeded(2).join(), 'another order by another seed');
  const all = planTrials('mlp', 'full', {}, wide);
  t.same(planTrials('mlp', 'full', { limit: 7 }, wide), all.slice(0, 7), 'a limit takes the first ones');
  const listed = planTrials('cnn', 'full', { order: 'listed', models: ['vgg16', 'resnet50'] }, wide);
  t.same([...new Set(listed.map(({ model }) => model))], ['vgg16', 'resnet50'], 'listed: as they were named');
});

t.test('options take the place of the preset', async (t) => {
  const options = {
    embedDims: [16],
    depth: 1,
    learningRates: [1e-3],
    optimizers: ['SGD'],
    datasets: ['cifar100'],
    batchSizes: [4, 8],
    workers: [1],
    storageModes: ['SSD'],
  } as const;
  const trials = planTrials('mlp', 'quick', { ...options, order: 'listed' }, here);
  t.same(
    trials.map(({ model, dataset, batchSize, embedDim, depth, storage }) => ({
      model,
      dataset,
      batchSize,
      embedDim,
      depth,
      storage,
    })),
    [4, 8].map((batchSize) => ({
      model: 'resmlp',
      dataset: 'CIFAR100',
      batchSize,
      embedDim: 16,
      depth: 1,
      storage: 'SSD',
    })),
  );
  t.equal(planTrials('mlp', 'full', { limit: 5 }, here).length, 5);
  t.match(planTrials('transformer', 'quick', { sequenceLength: 32 }, here)[0], {
    sequenceLength: 32,
    targetLength: null,
  });
  const lengths = {
    models: ['Transformer'],
    translationLength: 32,
    articleLength: 64,
    summaryLength: 16,
    order: 'listed' as const,
  };
  t.match(planTrials('transformer', 'full', lengths, here)[0], { sequenceLength: 32, targetLength: 32 });
  t.match(planTrials('transformer', 'full', lengths, here).at(-1), { sequenceLength: 64, targetLength: 16 });
  t.equal(planTrials('cnn', 'quick', { models: ['ResNet50'] }, here)[0]!.model, 'resnet50', 'names in any case');
});

t.test('what cannot be combined is refused', async (t) => {
  const refused: [Family, TrialOptions, RegExp][] = [
    ['cnn', { models: ['resnet51'] }, /resnet51.*resnet50/],
    ['cnn', { models: ['resmlp'] }, /resmlp belongs to the family MLP, not CNN: run 'generate mlp'/],
    ['cnn', { datasets: ['MNIST'] }, /Unknown data set 'MNIST'/],
    ['cnn', { datasets: ['SST2'] }, /SST2 is not one that these networks are measured on \(resnet50: /],
    ['cnn', { embedDims: [128] }, /MLP networks only/],
    ['mlp', { sequenceLength: 128 }, /Transformer networks only/],
    ['cnn', { articleLength: 128 }, /Transformer networks only/],
    ['transformer', { translationLength: 0 }, /length of WMT14 texts is 0/],
    ['transformer', { maximumVocabulary: 4 }, /vocabulary size is 4: give a whole number of at least 5/],
    ['mlp', { batchSizes: [0] }, /batch size is 0: give a whole number of at least 1/],
    ['mlp', { batchSizes: [] }, /No batch size/],
    ['mlp', { learningRates: [Number.NaN] }, /learning rate is NaN: give a number above 0/],
    ['mlp', { workers: [1.5] }, /number of workers is 1.5/],
    ['mlp', { precisions: [8 as 16] }, /precision is 8: give one of 16, 32/],
    ['mlp', { optimizers: ['Lion' as 'SGD'] }, /Lion/],
    ['mlp', { order: 'random' as 'listed' }, /order is random: give one of interleaved, listed/],
    ['mlp', { seed: 2 ** 32 }, /seed is 4294967296: give a whole number from 0 to 4294967295/],
    ['mlp', { limit: 0 }, /limit is 0/],
  ];
  for (const [family, options, message] of refused) {
    t.throws(
      () => planTrials(family, 'quick', options, here),
      { name: 'InputError', message },
      JSON.stringify(options),
    );
  }
});
