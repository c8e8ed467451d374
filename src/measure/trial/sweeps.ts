import type { Family } from '../../base/columns.js';
import type { Optimizer, Precision } from '../../networks/types.js';
import { type StorageMode, storageModes } from '../storage-mode.js';

export type Preset = 'quick' | 'full';

/** The values that a network is swept over; every combination is a trial. */
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

/** Iterations of the measured window. */
export const windowIterations: Record<Preset, number> = { quick: 6, full: 20 };

const common = { precisions: [32], storageModes } as const;
const fullWorkers = [4, 8, 16];
const quickWorkers = [1, 2];

/** The image MLPs differ in their data sets only. */
const mlp = {
  ...common,
  batchSizes: [32, 128, 256],
  learningRates: [5e-4, 1e-3, 2e-3],
  optimizers: ['AdamW', 'SGD'],
  workers: fullWorkers,
  embedDims: [128, 256],
} as const;

/** `orion.md`, section 1: the networks and their values; of the data sets, those that the catalogue has. */
const full: Record<string, Sweep> = {
  resnet50: {
    ...common,
    datasets: ['TinyImageNet', 'CIFAR10'],
    batchSizes: [32, 64, 128, 256],
    learningRates: [5e-4, 1e-3, 2e-3],
    optimizers: ['SGD', 'AdamW'],
    workers: fullWorkers,
  },
  resmlp: { ...mlp, datasets: ['CIFAR100', 'TinyImageNet'] },
  mixer: { ...mlp, datasets: ['TinyImageNet'] },
  asmlp: { ...mlp, datasets: ['TinyImageNet'] },
  DistilBERT: {
    ...common,
    datasets: ['SST2'],
    batchSizes: [8, 16, 32],
    learningRates: [1e-4, 2e-4, 5e-4],
    optimizers: ['AdamW'],
    workers: fullWorkers,
  },
  'DeiT-Tiny': {
    ...common,
    datasets: ['CIFAR100', 'TinyImageNet'],
    batchSizes: [32, 48, 64],
    learningRates: [1e-3, 2e-3, 3e-3],
    optimizers: ['AdamW', 'Adam'],
    workers: fullWorkers,
  },
  ViT: {
    ...common,
    datasets: ['CIFAR100'],
    batchSizes: [4, 8, 16],
    learningRates: [5e-4, 1e-3, 2e-3],
    optimizers: ['AdamW', 'Adam'],
    workers: fullWorkers,
  },
};

const quickVision = { learningRates: [1e-3], optimizers: ['AdamW'], workers: quickWorkers } as const;

const quickMlp = {
  batchSizes: [8, 16],
  learningRates: [1e-3],
  optimizers: ['AdamW'],
  workers: quickWorkers,
  embedDims: [128],
} as const;

/** A taste of each family in well under a minute on two quiet cores: small batches, one optimizer, both ways to read. */
const quick: Record<string, Sweep> = {
  resnet50: {
    ...full.resnet50!,
    batchSizes: [2, 4],
    learningRates: [1e-3],
    optimizers: ['SGD'],
    workers: quickWorkers,
  },
  resmlp: { ...full.resmlp!, ...quickMlp },
  mixer: { ...full.mixer!, ...quickMlp },
  asmlp: { ...full.asmlp!, ...quickMlp },
  DistilBERT: { ...full.DistilBERT!, batchSizes: [2, 4], learningRates: [1e-4, 2e-4], workers: quickWorkers },
  'DeiT-Tiny': { ...full['DeiT-Tiny']!, ...quickVision, batchSizes: [2, 4] },
  ViT: { ...full.ViT!, ...quickVision, batchSizes: [1, 2] },
};

const presets: Record<Preset, Record<string, Sweep>> = { quick, full };

export const defaultModels: Record<Family, readonly string[]> = {
  cnn: ['resnet50'],
  mlp: ['resmlp'],
  transformer: ['DistilBERT'],
};

/** The sweep of a network; undefined for one that has none. */
export function sweepOf(preset: Preset, model: string): Sweep | undefined {
  return presets[preset][model];
}
