import { InputError } from '../base/errors.js';

export type DatasetFormat = 'tiny-imagenet' | 'cifar10' | 'cifar100' | 'sst2';

/** What is known of a data set before it is opened. */
export interface DatasetEntry {
  /** As in the `dataset` column. */
  readonly name: string;
  readonly kind: 'image' | 'text';
  readonly format: DatasetFormat;
  /** Channels, height, width of one sample; null for text. */
  readonly shape: readonly [number, number, number] | null;
  readonly classes: number;
  /** Training samples of the published set. */
  readonly trainingSamples: number;
  /** Its folder under the data root, named as the published archive unpacks. */
  readonly folder: string;
  /** Where the published set can be had. */
  readonly source: string;
  /** Per-channel mean and deviation of pixel values in [0, 1]; null for text. */
  readonly normalisation: Normalisation | null;
}

export interface Normalisation {
  readonly mean: readonly [number, number, number];
  readonly deviation: readonly [number, number, number];
}

// The channel statistics are those customary for each set: torchvision's ImageNet values, and the training-set
// statistics of CIFAR-10 and CIFAR-100.
export const catalogue: readonly DatasetEntry[] = [
  {
    name: 'TinyImageNet',
    kind: 'image',
    format: 'tiny-imagenet',
    shape: [3, 64, 64],
    classes: 200,
    trainingSamples: 100_000,
    folder: 'tiny-imagenet-200',
    source: 'http://cs231n.stanford.edu/tiny-imagenet-200.zip',
    normalisation: { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] },
  },
  {
    name: 'CIFAR10',
    kind: 'image',
    format: 'cifar10',
    shape: [3, 32, 32],
    classes: 10,
    trainingSamples: 50_000,
    folder: 'cifar-10-batches-bin',
    source: 'https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz',
    normalisation: { mean: [0.4914, 0.4822, 0.4465], deviation: [0.247, 0.2435, 0.2616] },
  },
  {
    name: 'CIFAR100',
    kind: 'image',
    format: 'cifar100',
    shape: [3, 32, 32],
    classes: 100,
    trainingSamples: 50_000,
    folder: 'cifar-100-binary',
    source: 'https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz',
    normalisation: { mean: [0.5071, 0.4865, 0.4409], deviation: [0.2673, 0.2564, 0.2762] },
  },
  {
    name: 'SST2',
    kind: 'text',
    format: 'sst2',
    shape: null,
    classes: 2,
    trainingSamples: 67_349,
    folder: 'SST-2',
    source: 'https://dl.fbaipublicfiles.com/glue/data/SST-2.zip',
    normalisation: null,
  },
];

/** The catalogue's entry, by a name in any case. Throws InputError naming the known data sets. */
export function datasetEntry(name: string): DatasetEntry {
  const entry = catalogue.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
  if (entry) return entry;
  const known = catalogue.map((candidate) => candidate.name).join(', ');
  throw new InputError(`Unknown data set '${name}': give one of ${known}.`);
}
