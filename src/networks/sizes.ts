import { InputError } from '../base/errors.js';
import type { TrainingConfig } from './types.js';

/** Sizes that a network reads from its configuration; each throws InputError where it is missing or does not fit. */
export function imageShapeOf(config: TrainingConfig): readonly [number, number, number] {
  if (!config.imageShape) throw missing(config, 'imageShape (channels, height, width)');
  return config.imageShape;
}

/** Of a network that halves its images until fewer than `pixels` along an axis leave nothing. */
export function imageShapeOfAtLeast(config: TrainingConfig, pixels: number): readonly [number, number, number] {
  const [channels, height, width] = imageShapeOf(config);
  if (height < pixels || width < pixels) {
    throw new InputError(
      `${config.network} needs images of at least ${pixels} x ${pixels} pixels, and ${height} x ${width} came: choose ` +
        'another data set.',
    );
  }
  return [channels, height, width];
}

/** Channels of a CNN's layer that has `channels` at its full width. */
export function channelsOf({ width = 1 }: TrainingConfig, channels: number): number {
  return Math.max(1, Math.round(width * channels));
}

export function sequenceLengthOf(config: TrainingConfig): number {
  if (!config.sequenceLength) throw missing(config, 'sequenceLength');
  return config.sequenceLength;
}

export function vocabularySizeOf(config: TrainingConfig): number {
  if (!config.vocabularySize) throw missing(config, 'vocabularySize');
  return config.vocabularySize;
}

/** Target tokens that a sequence-to-sequence network predicts. */
export function targetLengthOf(config: TrainingConfig): number {
  if (!config.targetLength) throw missing(config, 'targetLength');
  return config.targetLength;
}

/** Patches along height and width. */
export function patchGrid(config: TrainingConfig, patchSize: number): [rows: number, columns: number] {
  const [, height, width] = imageShapeOf(config);
  if (height % patchSize !== 0 || width % patchSize !== 0) {
    throw new InputError(
      `${config.network} cuts images into patches of ${patchSize} x ${patchSize} pixels, and ${height} x ${width} is not ` +
        'a multiple of that: choose another data set.',
    );
  }
  return [height / patchSize, width / patchSize];
}

function missing(config: TrainingConfig, what: string): InputError {
  return new InputError(`${config.network} needs ${what}, which the configuration lacks.`);
}
