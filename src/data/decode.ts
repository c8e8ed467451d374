import sharp, { type Sharp } from 'sharp';
import type { DatasetEntry } from './catalogue.js';
import { interleave, PixelNormaliser } from './pixels.js';
import { Tokenizer } from './tokenizer.js';
import type { TrainingSet } from './training-set.js';

/** What a network reads: float32 images [channels, height, width], or int64 token ids [sequenceLength]. */
export type SampleShape =
  | { kind: 'image'; shape: readonly [number, number, number] }
  | { kind: 'text'; sequenceLength: number; vocabularySize: number };

/** Turns one stored sample into the numbers of a batch. */
export interface SampleDecoder {
  /** Numbers of one sample. */
  readonly elements: number;
  readonly dtype: 'float32' | 'int64';
  /**
   * Decodes `bytes` into sample `slot` of a batch [samples, elements]. Returns a promise where the decoder works on
   * another thread. Throws or rejects where the sample is damaged.
   */
  decode(bytes: Uint8Array, batch: ArrayBuffer, slot: number): Promise<void> | void;
}

export function sampleDecoder(set: TrainingSet, shape: SampleShape): SampleDecoder {
  if (shape.kind === 'text') return textDecoder(set, shape.sequenceLength, shape.vocabularySize);
  return set.content.stored === 'files'
    ? encodedImageDecoder(set.entry, shape.shape)
    : planarImageDecoder(set.entry, shape.shape);
}

function textDecoder(set: TrainingSet, sequenceLength: number, vocabularySize: number): SampleDecoder {
  const tokenizer = new Tokenizer(set.vocabulary!.slice(0, vocabularySize - 2), sequenceLength);
  const utf8 = new TextDecoder();
  return {
    elements: sequenceLength,
    dtype: 'int64',
    // TextDecoder refuses shared memory: slice() copies the sentence.
    decode: (bytes, batch, slot) =>
      tokenizer.encode(utf8.decode(bytes.slice()), new BigInt64Array(batch), slot * sequenceLength),
  };
}

/** JPEG (or any format that sharp reads) of any size. */
function encodedImageDecoder(entry: DatasetEntry, shape: readonly [number, number, number]): SampleDecoder {
  useOneThreadPerDecode();
  const elements = shape[0] * shape[1] * shape[2];
  const normaliser = new PixelNormaliser(entry.normalisation!);
  return {
    elements,
    dtype: 'float32',
    async decode(bytes, batch, slot) {
      const pixels = await rgbPixels(sharp(bytes, { failOn: 'warning' }), shape);
      normaliser.interleaved(pixels, new Float32Array(batch), slot * elements);
    },
  };
}

/** Raw planes of the set's own size; resized where the network reads another. */
function planarImageDecoder(entry: DatasetEntry, shape: readonly [number, number, number]): SampleDecoder {
  const [, height, width] = entry.shape!;
  const elements = shape[0] * shape[1] * shape[2];
  const normaliser = new PixelNormaliser(entry.normalisation!);
  if (height === shape[1] && width === shape[2]) {
    return {
      elements,
      dtype: 'float32',
      decode: (bytes, batch, slot) => normaliser.planar(bytes, new Float32Array(batch), slot * elements),
    };
  }
  useOneThreadPerDecode();
  return {
    elements,
    dtype: 'float32',
    async decode(bytes, batch, slot) {
      const image = sharp(interleave(bytes), { raw: { width, height, channels: 3 } });
      normaliser.interleaved(await rgbPixels(image, shape), new Float32Array(batch), slot * elements);
    },
  };
}

async function rgbPixels(image: Sharp, shape: readonly [number, number, number]): Promise<Uint8Array> {
  const { data, info } = await image
    .resize(shape[2], shape[1], { fit: 'fill' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (info.channels === 3) return data;
  if (info.channels === 1) return Uint8Array.from({ length: 3 * data.length }, (_, i) => data[Math.floor(i / 3)]!);
  throw new Error(`${info.channels} channels`);
}

/** libvips must not add threads of its own, nor remember images: a loader worker stands for one CPU. */
function useOneThreadPerDecode(): void {
  sharp.concurrency(1);
  sharp.cache(false);
}
