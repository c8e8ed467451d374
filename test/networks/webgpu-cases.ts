import type { TrainingConfig } from '#src/networks/types.js';
import { smallConfigs } from './small-configs.js';

export interface WebgpuCase {
  config: TrainingConfig;
  /** Small: an error of a few percent in a gradient, which rounding makes in a deep CNN, must not reach the losses. */
  learningRate: number;
}

/** Images of 33 pixels leave 2 x 2 in the last block where paddings round up, so that norms see enough values. */
const cnn = { imageShape: [3, 33, 33], batchSize: 4 } as const;
const cnnRate = 1e-6;
const rate = 1e-5;

const small = (network: string, changes: Partial<TrainingConfig> = {}): TrainingConfig => ({
  ...smallConfigs[network]!,
  ...changes,
  provider: 'webgpu',
});

/** Every network in a size that a software GPU can afford. */
export const webgpuCases: Readonly<Record<string, WebgpuCase>> = {
  resnet50: { config: small('resnet50', cnn), learningRate: cnnRate },
  vgg16: { config: small('vgg16', cnn), learningRate: cnnRate },
  densenet121: { config: small('densenet121', { batchSize: 4 }), learningRate: cnnRate },
  mobilenetv2: { config: small('mobilenetv2', cnn), learningRate: cnnRate },
  resmlp: { config: small('resmlp'), learningRate: rate },
  mixer: { config: small('mixer'), learningRate: rate },
  asmlp: { config: small('asmlp'), learningRate: rate },
  DistilBERT: { config: small('DistilBERT'), learningRate: rate },
  'DeiT-Tiny': { config: small('DeiT-Tiny', { batchSize: 2 }), learningRate: rate },
  ViT: { config: small('ViT', { imageShape: [3, 32, 32] }), learningRate: rate },
  Transformer: { config: small('Transformer'), learningRate: rate },
};
