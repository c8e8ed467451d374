import sharp from 'sharp';
import type { MersenneTwister } from '../../base/random.js';

/**
 * A random picture with structure: a sloping background, a few soft ellipses and a mild weave, so that JPEG has
 * as much to do as with photographs (noise would be harder, flat colour easier).
 * @returns interleaved RGB [size * size * 3]
 */
export function randomPicture(random: MersenneTwister, size: number): Uint8Array {
  const pixels = new Float32Array(size * size * 3);
  const base = randomColour(random);
  const slopeX = randomColour(random).map((value) => (value - 128) / size);
  const slopeY = randomColour(random).map((value) => (value - 128) / size);
  const weaveX = 0.2 + random.float64();
  const weaveY = 0.2 + random.float64();
  const weave = 4 + 14 * random.float64();
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const texture = weave * Math.sin(weaveX * x) * Math.cos(weaveY * y);
      for (let channel = 0; channel < 3; channel++) {
        pixels[(y * size + x) * 3 + channel] = base[channel]! + slopeX[channel]! * x + slopeY[channel]! * y + texture;
      }
    }
  }
  const ellipses = 4 + random.interval(5);
  for (let i = 0; i < ellipses; i++) paintEllipse(pixels, size, random);
  return Uint8Array.from(pixels, (value) => Math.max(0, Math.min(255, Math.round(value))));
}

const randomColour = (random: MersenneTwister): number[] => [0, 1, 2].map(() => random.interval(255));

function paintEllipse(pixels: Float32Array, size: number, random: MersenneTwister): void {
  const colour = randomColour(random);
  const centreX = size * random.float64();
  const centreY = size * random.float64();
  const radiusX = size * (0.08 + 0.25 * random.float64());
  const radiusY = size * (0.08 + 0.25 * random.float64());
  const opacity = 0.5 + 0.5 * random.float64();
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const distance = ((x - centreX) / radiusX) ** 2 + ((y - centreY) / radiusY) ** 2;
      if (distance >= 1) continue;
      const shade = 1 - 0.5 * distance;
      for (let channel = 0; channel < 3; channel++) {
        const at = (y * size + x) * 3 + channel;
        pixels[at] = pixels[at]! * (1 - opacity) + colour[channel]! * shade * opacity;
      }
    }
  }
}

/** JPEG of interleaved RGB pixels [size, size, 3]. */
export function encodeJpeg(pixels: Uint8Array, size: number, quality: number): Promise<Buffer> {
  return sharp(pixels, { raw: { width: size, height: size, channels: 3 } })
    .jpeg({ quality })
    .toBuffer();
}
