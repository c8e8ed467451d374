import { InputError } from '../base/errors.js';
import type { TrainingConfig } from './types.js';

/** What a network is exported and benched with when nothing else is said: the smallest batch of its sweep. */
export interface DefaultGraph {
  /** As in the `dataset` column. */
  dataset: string;
  config: Omit<TrainingConfig, 'network' | 'provider'>;
}

const common = { precision: 32, seed: 42 } as const;
const cifar10 = { imageShape: [3, 32, 32], classes: 10 } as const;
const cifar100 = { imageShape: [3, 32, 32], classes: 100 } as const;
const tinyImageNet = { imageShape: [3, 64, 64], classes: 200 } as const;
const cifar100Resized = { imageShape: [3, 224, 224], classes: 100 } as const;
const vocabularySize = 30_000;

/** By the name of the network. */
export const defaultGraphs: Readonly<Record<string, DefaultGraph>> = {
  resnet50: { dataset: 'TinyImageNet', config: { ...common, ...tinyImageNet, batchSize: 32, optimizer: 'SGD' } },
  vgg16: { dataset: 'CIFAR100', config: { ...common, ...cifar100, batchSize: 32, optimizer: 'SGD' } },
  densenet121: { dataset: 'CIFAR100', config: { ...common, ...cifar100, batchSize: 32, optimizer: 'SGD' } },
  mobilenetv2: { dataset: 'CIFAR10', config: { ...common, ...cifar10, batchSize: 32, optimizer: 'SGD' } },
  mixer: {
    dataset: 'TinyImageNet',
    config: { ...common, ...tinyImageNet, batchSize: 32, optimizer: 'AdamW', embedDim: 128 },
  },
  resmlp: { dataset: 'CIFAR100', config: { ...common, ...cifar100, batchSize: 32, optimizer: 'AdamW', embedDim: 128 } },
  asmlp: {
    dataset: 'TinyImageNet',
    config: { ...common, ...tinyImageNet, batchSize: 32, optimizer: 'AdamW', embedDim: 128 },
  },
  DistilBERT: {
    dataset: 'SST2',
    config: { ...common, classes: 2, batchSize: 8, optimizer: 'AdamW', sequenceLength: 128, vocabularySize },
  },
  'DeiT-Tiny': {
    dataset: 'CIFAR100',
    config: { ...common, ...cifar100Resized, batchSize: 32, optimizer: 'AdamW' },
  },
  ViT: {
    dataset: 'CIFAR100',
    config: { ...common, ...cifar100Resized, batchSize: 4, optimizer: 'AdamW' },
  },
  Transformer: {
    dataset: 'WMT14',
    config: {
      ...common,
      classes: vocabularySize,
      batchSize: 8,
      optimizer: 'AdamW',
      sequenceLength: 128,
      targetLength: 128,
      vocabularySize,
    },
  },
};

/** Throws InputError for a network that has none. */
export function defaultGraphOf(network: string): DefaultGraph {
  if (Object.hasOwn(defaultGraphs, network)) return defaultGraphs[network]!;
  throw new InputError(`There is no default graph of '${network}': give its sizes in src/networks/defaults.ts.`);
}

/** The configuration of a network's default graph. */
export function defaultConfig(network: string, provider: TrainingConfig['provider'] = 'cpu'): TrainingConfig {
  return { ...defaultGraphOf(network).config, network, provider };
}
