import type { TrainingConfig } from '#src/networks/types.js';

const common = { precision: 32, seed: 3, provider: 'cpu' } as const;
const cnn = { ...common, optimizer: 'SGD', classes: 10, imageShape: [3, 48, 48], width: 0.25 } as const;
const mlp = { ...common, optimizer: 'AdamW', classes: 10, imageShape: [3, 32, 32], embedDim: 32, depth: 2 } as const;
const vision = { ...common, optimizer: 'AdamW', classes: 10, imageShape: [3, 48, 48], depth: 1 } as const;
const text = { ...common, optimizer: 'AdamW', classes: 2, sequenceLength: 16, vocabularySize: 50, depth: 1 } as const;

/** Every network in a size that a test can afford. */
export const smallConfigs: Readonly<Record<string, TrainingConfig>> = {
  resnet50: { ...cnn, network: 'resnet50', batchSize: 8 },
  // The full classifier has 120 million weights.
  vgg16: { ...cnn, network: 'vgg16', batchSize: 4, hiddenDim: 64 },
  densenet121: { ...cnn, network: 'densenet121', batchSize: 8 },
  mobilenetv2: { ...cnn, network: 'mobilenetv2', batchSize: 8 },
  resmlp: { ...mlp, network: 'resmlp', batchSize: 8 },
  mixer: { ...mlp, network: 'mixer', batchSize: 8 },
  asmlp: { ...mlp, network: 'asmlp', batchSize: 8 },
  DistilBERT: { ...text, network: 'DistilBERT', batchSize: 4 },
  'DeiT-Tiny': { ...vision, network: 'DeiT-Tiny', batchSize: 4 },
  ViT: { ...vision, network: 'ViT', batchSize: 2 },
  Transformer: { ...text, network: 'Transformer', batchSize: 2, targetLength: 12 },
};
