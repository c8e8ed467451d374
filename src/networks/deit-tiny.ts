import { visionTransformer } from './vision-transformer.js';

/** DeiT-Tiny (Touvron et al. 2021) without distillation token, as timm's deit_tiny_patch16_224. */
export const deitTiny = visionTransformer({
  datasets: ['CIFAR100', 'TinyImageNet'],
  modelDim: 192,
  heads: 3,
  feedForwardDim: 768,
});
