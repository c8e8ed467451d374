import sharp, { type Sharp } from 'sharp';
import type { ImageShape } from './decode.js';
import { interleave } from './pixels.js';

// libvips must not add threads of its own, nor remember images: a loader worker stands for one CPU.
sharp.concurrency(1);
sharp.cache(false);

/** Interleaved RGB pixels [height * width * 3] of an image file, at the size of `shape`. Rejects where it is damaged. */
export function sharpImage(bytes: Uint8Array, shape: ImageShape): Promise<Uint8Array> {
  return rgbPixels(sharp(bytes, { failOn: 'warning' }), shape);
}

/** The same of raw planes [3, height * width]. */
export function sharpPlanes(
  planes: Uint8Array,
  { width, height }: { width: number; height: number },
  shape: ImageShape,
): Promise<Uint8Array> {
  return rgbPixels(sharp(interleave(planes), { raw: { width, height, channels: 3 } }), shape);
}

async function rgbPixels(image: Sharp, [, height, width]: ImageShape): Promise<Uint8Array> {
  const { data, info } = await image
    // The triangle filter, as the addon has it.
    .resize(width, height, { fit: 'fill', kernel: 'linear' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (info.channels === 3) return data;
  if (info.channels === 1) return Uint8Array.from({ length: 3 * data.length }, (_, i) => data[Math.floor(i / 3)]!);
  throw new Error(`${info.channels} channels`);
}
