import { InputError } from '../base/errors.js';

export type DatasetFormat =
  | 'tiny-imagenet'
  | 'cifar10'
  | 'cifar100'
  | 'stl10'
  | 'sst2'
  | 'imdb'
  | 'wmt14'
  | 'cnn-dailymail';

/** What is known of a data set before it is opened. */
export interface DatasetEntry {
  /** As in the `dataset` column. */
  readonly name: string;
  readonly kind: 'image' | 'text' | 'text-pair';
  readonly format: DatasetFormat;
  /** Channels, height, width of one sample; null for text. */
  readonly shape: readonly [number, number, number] | null;
  /** null where the label is a text. */
  readonly classes: number | null;
  /** Tokens of a text unless others are asked for (ORION, section 1); null for images. */
  readonly tokens: TokenLengths | null;
  /** Training samples of the published set. */
  readonly trainingSamples: number;
  /** Its folder under the data root, named as the published archive unpacks. */
  readonly folder: string;
  /** Where the published set can be had. */
  readonly source: string;
  /** The published archive whose checksum is published too; null where there is none. */
  readonly archive: Archive | null;
  /** Per-channel mean and deviation of pixel values in [0, 1]; null for text. */
  readonly normalisation: Normalisation | null;
}

export interface TokenLengths {
  /** Of the text, or of a pair's source. */
  readonly source: number;
  /** Predicted tokens of a pair's target; null where the label is a class. */
  readonly target: number | null;
}

export interface Archive {
  readonly file: string;
  readonly md5: string;
}

export interface Normalisation {
  readonly mean: readonly [number, number, number];
  readonly deviation: readonly [number, number, number];
}

// The channel statistics are those customary for each set: torchvision's ImageNet values, and the training-set
// statistics of CIFAR-10, CIFAR-100 and STL-10. The checksums are those on the sets' own pages and in torchvision.
export const catalogue: readonly DatasetEntry[] = [
  {
    name: 'TinyImageNet',
    kind: 'image',
    format: 'tiny-imagenet',
    shape: [3, 64, 64],
    classes: 200,
    tokens: null,
    trainingSamples: 100_000,
    folder: 'tiny-imagenet-200',
    source: 'http://cs231n.stanford.edu/tiny-imagenet-200.zip',
    archive: null,
    normalisation: { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] },
  },
  {
    name: 'CIFAR10',
    kind: 'image',
    format: 'cifar10',
    shape: [3, 32, 32],
    classes: 10,
    tokens: null,
    trainingSamples: 50_000,
    folder: 'cifar-10-batches-bin',
    source: 'https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz',
    archive: { file: 'cifar-10-binary.tar.gz', md5: 'c32a1d4ab5d03f1284b67883e8d87530' },
    normalisation: { mean: [0.4914, 0.4822, 0.4465], deviation: [0.247, 0.2435, 0.2616] },
  },
  {
    name: 'CIFAR100',
    kind: 'image',
    format: 'cifar100',
    shape: [3, 32, 32],
    classes: 100,
    tokens: null,
    trainingSamples: 50_000,
    folder: 'cifar-100-binary',
    source: 'https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz',
    archive: { file: 'cifar-100-binary.tar.gz', md5: '03b5dce01913d631647c71ecec9e9cb8' },
    normalisation: { mean: [0.5071, 0.4865, 0.4409], deviation: [0.2673, 0.2564, 0.2762] },
  },
  {
    name: 'STL10',
    kind: 'image',
    format: 'stl10',
    shape: [3, 96, 96],
    classes: 10,
    tokens: null,
    trainingSamples: 5_000,
    folder: 'stl10_binary',
    source: 'http://ai.stanford.edu/~acoates/stl10/stl10_binary.tar.gz',
    archive: { file: 'stl10_binary.tar.gz', md5: '91f7769df0f17e558f3565bffb0c7dfb' },
    normalisation: { mean: [0.4467, 0.4398, 0.4066], deviation: [0.2603, 0.2566, 0.2713] },
  },
  {
    name: 'SST2',
    kind: 'text',
    format: 'sst2',
    shape: null,
    classes: 2,
    tokens: { source: 128, target: null },
    trainingSamples: 67_349,
    folder: 'SST-2',
    source: 'https://dl.fbaipublicfiles.com/glue/data/SST-2.zip',
    archive: null,
    normalisation: null,
  },
  {
    name: 'IMDB',
    kind: 'text',
    format: 'imdb',
    shape: null,
    classes: 2,
    tokens: { source: 128, target: null },
    trainingSamples: 25_000,
    folder: 'aclImdb',
    source: 'https://ai.stanford.edu/~amaas/data/sentiment/aclImdb_v1.tar.gz',
    archive: { file: 'aclImdb_v1.tar.gz', md5: '7c2ac02c03563afcf9b574c7e56c153a' },
    normalisation: null,
  },
  {
    name: 'WMT14',
    kind: 'text-pair',
    format: 'wmt14',
    shape: null,
    classes: null,
    tokens: { source: 128, target: 128 },
    trainingSamples: 4_468_840,
    folder: 'wmt14.en-de',
    source: 'https://nlp.stanford.edu/projects/nmt/data/wmt14.en-de/ (train.de and train.en)',
    archive: null,
    normalisation: null,
  },
  {
    name: 'CNNDM',
    kind: 'text-pair',
    format: 'cnn-dailymail',
    shape: null,
    classes: null,
    tokens: { source: 512, target: 128 },
    trainingSamples: 287_113,
    folder: 'cnn_dailymail',
    source:
      'https://huggingface.co/datasets/abisee/cnn_dailymail (3.0.0, the training split as train.jsonl or train.csv)',
    archive: null,
    normalisation: null,
  },
];

export const datasetNames: readonly string[] = catalogue.map(({ name }) => name);

/** The catalogue's entry, by a name in any case. Throws InputError naming the known data sets. */
export function datasetEntry(name: string): DatasetEntry {
  const entry = catalogue.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
  if (entry) return entry;
  throw new InputError(`Unknown data set '${name}': give one of ${datasetNames.join(', ')}.`);
}
