import path from 'node:path';
import t from 'tap';
import { columnsOf, type Family, type Row } from '#src/base/columns.js';
import { packageRoot } from '#src/base/package.js';
import { networks, workload } from '#src/networks/index.js';
import type { TrainingConfig } from '#src/networks/types.js';
import { pythonWith, runPythonFile } from '../support/python.js';

// Every workload column of every network on every of its data sets, in the sizes of the specification, against PyTorch.

/** orion.md, section 1. */
const images = {
  TinyImageNet: { imageShape: [3, 64, 64], classes: 200 },
  CIFAR10: { imageShape: [3, 32, 32], classes: 10 },
  CIFAR100: { imageShape: [3, 32, 32], classes: 100 },
  STL10: { imageShape: [3, 96, 96], classes: 10 },
} as const;
const text = { sequenceLength: 128, vocabularySize: 30_000, classes: 2 };
const texts = {
  SST2: text,
  IMDB: text,
  WMT14: { ...text, classes: 30_000, targetLength: 128 },
  CNNDM: { ...text, classes: 30_000, sequenceLength: 512, targetLength: 128 },
};
const datasets: Record<string, Partial<TrainingConfig> & { classes: number }> = { ...images, ...texts };

/** What columns depend on beside sizes: each value once. */
const variants = [
  { optimizer: 'SGD', precision: 32, batchSize: 1 },
  { optimizer: 'Adam', precision: 16, batchSize: 48 },
  { optimizer: 'AdamW', precision: 16, batchSize: 256 },
  { optimizer: 'Adafactor', precision: 32, batchSize: 8 },
] as const;

/** Each network on each data set and with each embedding of its sweep, in each variant. */
function configurations(): { name: string; family: Family; config: TrainingConfig }[] {
  return Object.entries(networks).flatMap(([network, { family, datasets: allowed, imageSize }]) =>
    allowed.flatMap((dataset) =>
      (family === 'mlp' ? [128, 256] : [undefined]).flatMap((embedDim) =>
        variants.map(({ optimizer, precision, batchSize }) => ({
          name: `${network} ${dataset} ${embedDim ?? ''} ${optimizer} fp${precision} batch ${batchSize}`,
          family,
          config: {
            ...{ network, batchSize, optimizer, precision, seed: 1, provider: 'cuda' },
            ...datasets[dataset]!,
            ...(imageSize && { imageShape: [3, imageSize, imageSize] as const }),
            ...(embedDim && { embedDim }),
          } as const,
        })),
      ),
    ),
  );
}

/** Words of the specification, and what is handed through: not computed. */
const stated =
  /^(dataset|dataset_size|input_shape|num_classes|optimizer|learning_rate|batch_size|precision|amp|amp_enabled|model|architecture|activation|norm_style|norm_impl|positional_encoding|attention_pattern|disk_bytes_per_sample)$/;

const { python, skip } = pythonWith('torch');

t.test('computed columns agree with PyTorch', { skip }, async (t) => {
  const cases = configurations();
  const jobs = cases.map(({ family, config }) => ({ family, ...config }));
  const script = path.join(packageRoot, 'test/networks/torch/columns.py');
  const expected = JSON.parse(runPythonFile(python!, script, JSON.stringify(jobs))) as Row[];
  for (const [index, { name, family, config }] of cases.entries()) {
    const row = workload(config);
    const computed = columnsOf(family).filter(
      ({ group, name: column }) => group === 'workload' && !stated.test(column),
    );
    t.same(Object.keys(expected[index]!).sort(), computed.map(({ name: column }) => column).sort(), `${name}: columns`);
    const found = Object.fromEntries(computed.map(({ name: column }) => [column, row[column]]));
    t.same(found, expected[index], name);
  }
  t.equal(cases.length, (8 + 2 * 6 + 8) * 4, 'networks on their data sets, embeddings, variants');
});
