import { encodedImageDecoder, planarImageDecoder } from './decode-image.js';
import { pairDecoder, textDecoder } from './decode-text.js';
import type { TrainingSet } from './training-set.js';

/** Channels, height, width. */
export type ImageShape = readonly [channels: number, height: number, width: number];

/**
 * What a network reads: float32 images [channels, height, width]; int64 token ids [sequenceLength]; or those of a source
 * [sequenceLength] and, as its label, of a target [targetLength + 1].
 */
export type SampleShape =
  | { kind: 'image'; shape: ImageShape }
  | { kind: 'text'; sequenceLength: number; vocabularySize: number }
  | { kind: 'text-pair'; sequenceLength: number; targetLength: number; vocabularySize: number };

/** Turns one stored sample into the numbers of a batch. */
export interface SampleDecoder {
  /** Numbers of one sample's input. */
  readonly elements: number;
  readonly dtype: 'float32' | 'int64';
  /** int64 numbers of one sample's label: a class, or the tokens of a target. */
  readonly labelElements: number;
  /**
   * Decodes `bytes` into sample `slot` of the inputs [samples, elements] and, where the label is a text, of the labels
   * [samples, labelElements]. Returns a promise where the decoder works on another thread. Throws or rejects where the
   * sample is damaged.
   */
  decode(bytes: Uint8Array, inputs: ArrayBuffer, slot: number, labels: ArrayBuffer): Promise<void> | void;
}

export function sampleDecoder(set: TrainingSet, shape: SampleShape): SampleDecoder {
  switch (shape.kind) {
    case 'text':
      return textDecoder(set, shape);
    case 'text-pair':
      return pairDecoder(set, shape);
    case 'image':
      return set.content.stored === 'files'
        ? encodedImageDecoder(set.entry, shape.shape)
        : planarImageDecoder(set.entry, shape.shape);
  }
}
