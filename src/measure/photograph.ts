import sharp from 'sharp';
import { MersenneTwister } from '../base/random.js';

const photograph = { width: 500, height: 375, blockPixels: 25 } as const;

/** A JPEG with the structure of a photograph: smooth blocks with a little noise, not white noise. */
export async function makePhotograph(seed: number): Promise<Buffer> {
  const { width, height, blockPixels } = photograph;
  const random = new MersenneTwister(seed);
  const columns = Math.ceil(width / blockPixels);
  const rows = Math.ceil(height / blockPixels);
  const coarse = Buffer.alloc(columns * rows * 3);
  for (let i = 0; i < coarse.length; i++) coarse[i] = random.interval(255);
  const smooth = await sharp(coarse, { raw: { width: columns, height: rows, channels: 3 } })
    .resize(width, height, { kernel: 'cubic', fit: 'fill' })
    .raw()
    .toBuffer();
  for (let i = 0; i < smooth.length; i++) smooth[i] = Math.min(255, Math.max(0, smooth[i]! + random.interval(16) - 8));
  return sharp(smooth, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 85 })
    .toBuffer();
}
