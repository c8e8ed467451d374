import type { Family } from '../../base/columns.js';
import type { Optimizer, Precision } from '../../networks/types.js';
import { publishedStorageModes, type StorageMode } from '../storage-mode.js';

export type Preset = 'quick' | 'full';

/** The values that a network is swept over on some data sets; every combination is a trial. */
export interface Sweep {
  datasets: readonly string[];
  batchSizes: readonly number[];
  learningRates: readonly number[];
  optimizers: readonly Optimizer[];
  precisions: readonly Precision[];
  workers: readonly number[];
  storageModes: readonly StorageMode[];
  /** MLP only. */
  embedDims?: readonly number[];
}

/** Iterations of the window where a preset has no time for what the protocol says. */
export const windowIterations: Partial<Record<Preset, number>> = { quick: 6 };

/** Precision 16 is swept on GPUs only. */
const common = { precisions: [32, 16], storageModes: publishedStorageModes } as const;
const fullWorkers = [4, 8, 16];
const quickWorkers = [1, 2];

const cnn = {
  ...common,
  batchSizes: [32, 64, 128, 256],
  learningRates: [5e-4, 1e-3, 2e-3],
  optimizers: ['SGD', 'AdamW'],
  workers: fullWorkers,
} as const;

const mlp = {
  ...common,
  batchSizes: [32, 128, 256],
  learningRates: [5e-4, 1e-3, 2e-3],
  optimizers: ['AdamW', 'SGD'],
  workers: fullWorkers,
  embedDims: [128, 256],
} as const;

const text = { ...common, optimizers: ['AdamW', 'Adafactor'], workers: fullWorkers } as const;
const visionTransformer = { ...common, optimizers: ['AdamW', 'Adam'], workers: fullWorkers } as const;

/** `orion.md`, section 1: the networks and their values. */
const full: Record<string, readonly [Sweep, ...Sweep[]]> = {
  resnet50: [{ ...cnn, datasets: ['TinyImageNet', 'CIFAR10'] }],
  vgg16: [{ ...cnn, datasets: ['TinyImageNet', 'CIFAR100'] }],
  densenet121: [{ ...cnn, datasets: ['CIFAR100', 'TinyImageNet'] }],
  mobilenetv2: [{ ...cnn, datasets: ['CIFAR10', 'STL10'] }],
  mixer: [{ ...mlp, datasets: ['TinyImageNet', 'STL10'] }],
  resmlp: [{ ...mlp, datasets: ['CIFAR100', 'TinyImageNet'] }],
  asmlp: [{ ...mlp, datasets: ['TinyImageNet', 'STL10'] }],
  DistilBERT: [{ ...text, datasets: ['SST2', 'IMDB'], batchSizes: [8, 16, 32], learningRates: [1e-4, 2e-4, 5e-4] }],
  'DeiT-Tiny': [
    {
      ...visionTransformer,
      datasets: ['CIFAR100', 'TinyImageNet'],
      batchSizes: [32, 48, 64],
      learningRates: [1e-3, 2e-3, 3e-3],
    },
  ],
  ViT: [
    {
      ...visionTransformer,
      datasets: ['CIFAR100', 'STL10'],
      batchSizes: [4, 8, 16],
      learningRates: [5e-4, 1e-3, 2e-3],
    },
  ],
  Transformer: [
    { ...text, datasets: ['WMT14'], batchSizes: [8, 16, 32], learningRates: [3e-4, 5e-4, 1e-3] },
    { ...text, datasets: ['CNNDM'], batchSizes: [2, 4, 8], learningRates: [2e-4, 3e-4, 5e-4] },
  ],
};

export const sweptModels: readonly string[] = Object.keys(full);

const quickCommon = { ...common, learningRates: [1e-3], optimizers: ['AdamW'], workers: quickWorkers } as const;
const quickCnn = { ...quickCommon, batchSizes: [2, 4], optimizers: ['SGD'] } as const;
const quickMlp = { ...quickCommon, batchSizes: [8, 16], embedDims: [128] } as const;

/** A taste of each family in well under a minute on two quiet cores: small batches, one optimizer, both ways to read. */
const quick: typeof full = {
  resnet50: [{ ...quickCnn, datasets: ['TinyImageNet', 'CIFAR10'] }],
  vgg16: [{ ...quickCnn, datasets: ['CIFAR100'] }],
  densenet121: [{ ...quickCnn, datasets: ['CIFAR100'] }],
  mobilenetv2: [{ ...quickCnn, datasets: ['CIFAR10'] }],
  mixer: [{ ...quickMlp, datasets: ['TinyImageNet'] }],
  resmlp: [{ ...quickMlp, datasets: ['CIFAR100', 'TinyImageNet'] }],
  asmlp: [{ ...quickMlp, datasets: ['TinyImageNet'] }],
  DistilBERT: [{ ...quickCommon, datasets: ['SST2'], batchSizes: [2, 4], learningRates: [1e-4, 2e-4] }],
  'DeiT-Tiny': [{ ...quickCommon, datasets: ['CIFAR100', 'TinyImageNet'], batchSizes: [2, 4] }],
  ViT: [{ ...quickCommon, datasets: ['CIFAR100'], batchSizes: [1, 2] }],
  Transformer: [{ ...quickCommon, datasets: ['WMT14'], batchSizes: [1, 2], learningRates: [3e-4] }],
};

const presets: Record<Preset, typeof full> = { quick, full };

/** The networks that a family is swept over unless others are asked for: the paper's, or one of each family. */
export const defaultModels: Record<Preset, Record<Family, readonly string[]>> = {
  quick: { cnn: ['resnet50'], mlp: ['resmlp'], transformer: ['DistilBERT'] },
  full: {
    cnn: ['resnet50', 'vgg16', 'densenet121'],
    mlp: ['mixer', 'resmlp', 'asmlp'],
    transformer: ['DistilBERT', 'DeiT-Tiny', 'ViT', 'Transformer'],
  },
};

/**
 * The sweeps of a network that is known, each with its data sets: those of the preset, or those asked for, which take the
 * values of the sweep that names them, else of the first.
 */
export function sweepsOf(preset: Preset, model: string, datasets?: readonly string[]): Sweep[] {
  const sweeps = presets[preset][model]!;
  if (!datasets) return [...sweeps];
  return datasets.map((dataset) => ({
    ...(sweeps.find((sweep) => sweep.datasets.includes(dataset)) ?? sweeps[0]),
    datasets: [dataset],
  }));
}
