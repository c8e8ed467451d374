import { type NativeImagePreparer, nativeStatus } from '../base/native.js';
import type { DatasetEntry } from './catalogue.js';
import type { ImageShape, SampleDecoder } from './decode.js';
import { transposePlanes } from './formats/stl10.js';
import { PixelNormaliser } from './pixels.js';

/**
 * JPEG (or any format that sharp reads) of any size, by the addon's decoder. sharp takes over for files of other kinds,
 * and where there is no addon.
 */
export function encodedImageDecoder(entry: DatasetEntry, shape: ImageShape): SampleDecoder {
  const normaliser = new PixelNormaliser(entry.normalisation!);
  const preparer = preparerOf(normaliser, shape);
  return imageDecoder(shape, (bytes, target, offset) => {
    if (preparer?.jpeg(bytes, target, offset)) return;
    return bySharp(async ({ sharpImage }) => normaliser.interleaved(await sharpImage(bytes, shape), target, offset));
  });
}

/** Raw planes of the set's own size; resized where the network reads another. */
export function planarImageDecoder(entry: DatasetEntry, shape: ImageShape): SampleDecoder {
  const [, height, width] = entry.shape!;
  const order = entry.format === 'stl10' ? 'columns' : 'rows';
  const normaliser = new PixelNormaliser(entry.normalisation!);
  const preparer = preparerOf(normaliser, shape);
  return imageDecoder(shape, (bytes, target, offset) => {
    if (preparer) return preparer.planes(bytes, { width, height, order }, target, offset);
    const planes = order === 'rows' ? bytes : transposePlanes(bytes);
    if (height === shape[1] && width === shape[2]) return normaliser.planar(planes, target, offset);
    return bySharp(async ({ sharpPlanes }) =>
      normaliser.interleaved(await sharpPlanes(planes, { width, height }, shape), target, offset),
    );
  });
}

/** @param decode writes the numbers of an image to `target` from `offset` on */
function imageDecoder(
  [channels, height, width]: ImageShape,
  decode: (bytes: Uint8Array, target: Float32Array, offset: number) => Promise<void> | void,
): SampleDecoder {
  const elements = channels * height * width;
  return {
    elements,
    dtype: 'float32',
    labelElements: 1,
    decode: (bytes, inputs, slot) => decode(bytes, new Float32Array(inputs), slot * elements),
  };
}

/** Most loader workers never need sharp, which takes a while to load. */
async function bySharp(use: (sharp: typeof import('./sharp-image.js')) => Promise<void>): Promise<void> {
  await use(await import('./sharp-image.js'));
}

/** null without the addon. */
function preparerOf({ levels }: PixelNormaliser, [, height, width]: ImageShape): NativeImagePreparer | null {
  return nativeStatus().addon?.image.preparer({ width, height, levels }) ?? null;
}
