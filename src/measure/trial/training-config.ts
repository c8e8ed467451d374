import type { SampleShape } from '../../data/decode.js';
import { vocabularySize } from '../../data/tokenizer.js';
import type { TrainingSet } from '../../data/training-set.js';
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
    classes: set.entry.classes,
    seed: trial.seed,
    provider: trial.provider,
  };
  if (set.vocabulary) {
    const sequenceLength = trial.sequenceLength!;
    const vocabulary = Math.min(trial.maximumVocabulary!, vocabularySize(set.vocabulary));
    return {
      config: { ...common, sequenceLength, vocabularySize: vocabulary },
      shape: { kind: 'text', sequenceLength, vocabularySize: vocabulary },
    };
  }
  const [channels, height, width] = set.entry.shape!;
  const { imageSize } = networkNamed(trial.model);
  const imageShape = [channels, imageSize ?? height, imageSize ?? width] as const;
  return {
    config: {
      ...common,
      imageShape,
      ...(trial.embedDim !== null && { embedDim: trial.embedDim }),
      ...(trial.depth !== null && { depth: trial.depth }),
    },
    shape: { kind: 'image', shape: imageShape },
  };
}
