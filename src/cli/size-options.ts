import { optimizers } from '../pipeline/choices.js';
import { choice, number, text, whole } from './option-kinds.js';

/** What sizes a network, in place of its defaults. */
export interface SizeOptions {
  dataset?: string;
  batchSize?: number;
  optimizer?: string;
  precision?: number;
  imageSize?: number;
  embedDim?: number;
  depth?: number;
  seqLen?: number;
  tgtLen?: number;
  vocabSize?: number;
}

/** @param samplesPer what a batch is the samples of */
export const sizeOptions = (samplesPer: 'step' | 'iteration') =>
  ({
    dataset: text('data set that image size and classes come from'),
    'batch-size': number(`samples per ${samplesPer}`),
    optimizer: text(optimizers.join(', ')),
    precision: number('32 or 16'),
    'image-size': number('height and width of images, in pixels'),
    'embed-dim': number('MLP: embedding width'),
    depth: number('MLP, Transformer: blocks'),
    'seq-len': number('Transformer: tokens of a text'),
    'tgt-len': number('Transformer: tokens of a translation or summary'),
    'vocab-size': number('Transformer: vocabulary'),
  }) as const;

/** The sizes as the library takes them. Throws InputError for one that cannot be. */
export function sizesOf(options: SizeOptions) {
  const precision = choice(options.precision?.toString(), ['32', '16'], '--precision');
  return {
    dataset: options.dataset,
    batchSize: whole(options.batchSize, '--batch-size'),
    optimizer: choice(options.optimizer, optimizers, '--optimizer'),
    precision: precision && (precision === '16' ? (16 as const) : (32 as const)),
    imageSize: whole(options.imageSize, '--image-size'),
    embedDim: whole(options.embedDim, '--embed-dim'),
    depth: whole(options.depth, '--depth'),
    sequenceLength: whole(options.seqLen, '--seq-len'),
    targetLength: whole(options.tgtLen, '--tgt-len'),
    vocabularySize: whole(options.vocabSize, '--vocab-size'),
  };
}
