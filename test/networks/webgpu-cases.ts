import type { TrainingConfig } from '#src/networks/types.js';
import { smallConfigs } from './small-configs.js';

export interface WebgpuCase {
  config: TrainingConfig;
  /**
   * The loss falls by one or a few thousandths in the first step: seen well where losses are compared within 1e-4, while the
   * error of a percent that rounding and kinks make in a deep CNN's gradient is not.
   */
  learningRate: number;
}

/** Few images and an eighth of the channels, since software is slow; 2 x 2 pixels in the last block: norms over them see enough values. */
const cnn = { imageShape: [3, 33, 33], batchSize: 2, width: 0.125 } as const;

const small = (network: string, changes: Partial<TrainingConfig> = {}): TrainingConfig => ({
  ...smallConfigs[network]!,
  ...changes,
  provider: 'webgpu',
});

/** Every network in a size that a software GPU can afford. */
export const webgpuCases: Readonly<Record<string, WebgpuCase>> = {
  // Its gradients are huge at the start: the squares of all sum to a million.
  resnet50: { config: small('resnet50', cnn), learningRate: 4e-9 },
  vgg16: { config: small('vgg16', cnn), learningRate: 1e-2 },
  densenet121: { config: small('densenet121', { ...cnn, imageShape: [3, 64, 64] }), learningRate: 3e-5 },
  mobilenetv2: { config: small('mobilenetv2', { ...cnn, batchSize: 4, width: 0.25 }), learningRate: 4e-6 },
  resmlp: { config: small('resmlp'), learningRate: 2e-5 },
  mixer: { config: small('mixer'), learningRate: 2e-5 },
  asmlp: { config: small('asmlp'), learningRate: 2e-5 },
  DistilBERT: { config: small('DistilBERT'), learningRate: 1e-7 },
  'DeiT-Tiny': { config: small('DeiT-Tiny', { batchSize: 2 }), learningRate: 3e-7 },
  ViT: { config: small('ViT', { imageShape: [3, 32, 32] }), learningRate: 5e-8 },
  Transformer: { config: small('Transformer'), learningRate: 3e-7 },
};
