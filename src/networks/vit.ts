import { visionTransformer } from './vision-transformer.js';

/** ViT-B/16 (Dosovitskiy et al. 2021), as timm's vit_base_patch16_224. */
export const vit = visionTransformer({
  datasets: ['CIFAR100', 'STL10'],
  modelDim: 768,
  heads: 12,
  feedForwardDim: 3072,
});
