import sharp, { type Sharp } from 'sharp';
import type { DatasetEntry } from './catalogue.js';
import type { ImageShape, SampleDecoder } from './decode.js';
import { interleave, PixelNormaliser } from './pixels.js';

/** JPEG (or any format that sharp reads) of any size. */
export function encodedImageDecoder(entry: DatasetEntry, shape: ImageShape): SampleDecoder {
  useOneThreadPerDecode();
  const elements = shape[0] * shape[1] * shape[2];
  const normaliser = new PixelNormaliser(entry.normalisation!);
  return {
    elements,
    dtype: 'float32',
    labelElements: 1,
    async decode(bytes, inputs, slot) {
      const pixels = await rgbPixels(sharp(bytes, { failOn: 'warning' }), shape);
      normaliser.interleaved(pixels, new Float32Array(inputs), slot * elements);
    },
  };
}

/** Raw planes of the set's own size; resized where the network reads another. */
export function planarImageDecoder(entry: DatasetEntry, shape: ImageShape): SampleDecoder {
  const [, height, width] = entry.shape!;
  const elements = shape[0] * shape[1] * shape[2];
  const normaliser = new PixelNormaliser(entry.normalisation!);
  if (height === shape[1] && width === shape[2]) {
    return {
      elements,
      dtype: 'float32',
      labelElements: 1,
      decode: (bytes, inputs, slot) => normaliser.planar(bytes, new Float32Array(inputs), slot * elements),
    };
  }
  useOneThreadPerDecode();
  return {
    elements,
    dtype: 'float32',
    labelElements: 1,
    async decode(bytes, inputs, slot) {
      const image = sharp(interleave(bytes), { raw: { width, height, channels: 3 } });
      normaliser.interleaved(await rgbPixels(image, shape), new Float32Array(inputs), slot * elements);
    },
  };
}

async function rgbPixels(image: Sharp, shape: ImageShape): Promise<Uint8Array> {
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
