import type { SampleShape } from '../../data/decode.js';
import { vocabularySize } from '../../data/tokenizer.js';
import type { TrainingSet } from '../../data/training-set.js';
import { framesOf } from '../../data/vocabularies.js';
import { imageShapeFor } from '../../networks/image-shape.js';
import { networkNamed } from '../../networks/index.js';
import type { TrainingConfig } from '../../networks/types.js';
import type { Trial } from './trial.js';

/** What the trial's training graph is built for, and what its loader must deliver. */
export function trainingConfig(trial: Trial, set: TrainingSet): { config: TrainingConfig; shape: SampleShape } {
  const common = {
    network: trial.model,
    batchSize: trial.batchSize,
    optimizer: trial.optimizer,
    precision: trial.precision,
    seed: trial.seed,
    provider: trial.provider,
  };
  const { kind } = set.entry;
  if (kind === 'image') {
    const shape = imageShapeFor(networkNamed(trial.model), set.entry.shape!);
    return {
      config: {
        ...common,
        classes: set.entry.classes!,
        imageShape: shape,
        ...(trial.embedDim !== null && { embedDim: trial.embedDim }),
        ...(trial.depth !== null && { depth: trial.depth }),
      },
      shape: { kind, shape },
    };
  }
  const sizes = framesOf(kind).map((frame, side) => vocabularySize(set.vocabularies[side]!, frame));
  // A network has one size for both sides of a pair.
  const words = Math.min(trial.maximumVocabulary!, Math.max(...sizes));
  const text = { sequenceLength: trial.sequenceLength!, vocabularySize: words };
  if (kind === 'text') {
    return { config: { ...common, classes: set.entry.classes!, ...text }, shape: { kind, ...text } };
  }
  const pair = { ...text, targetLength: trial.targetLength! };
  return { config: { ...common, classes: words, ...pair }, shape: { kind, ...pair } };
}
