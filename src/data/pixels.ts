import type { Normalisation } from './catalogue.js';

/** Of an 8-bit sample. */
const values = 256;

/**
 * Turns 8-bit pixels into normalised float32: (value / 255 - mean) / deviation per channel, through a table of the 256
 * possible values.
 */
export class PixelNormaliser {
  /** [3, 256]: what each value becomes in the red, green and blue channel. */
  readonly levels: Float32Array;
  readonly #tables: readonly [Float32Array, Float32Array, Float32Array];

  constructor({ mean, deviation }: Normalisation) {
    this.levels = Float32Array.from({ length: 3 * values }, (_, index) => {
      const channel = Math.floor(index / values);
      return ((index % values) / 255 - mean[channel]!) / deviation[channel]!;
    });
    const table = (channel: number) => this.levels.subarray(channel * values, (channel + 1) * values);
    this.#tables = [table(0), table(1), table(2)];
  }

  /** Interleaved pixels [height * width, 3] to planes [3, height * width], written to `target` from `offset` on. */
  interleaved(pixels: Uint8Array, target: Float32Array, offset: number): void {
    const plane = pixels.length / 3;
    const [red, green, blue] = this.#tables;
    for (let pixel = 0, source = 0; pixel < plane; pixel++, source += 3) {
      target[offset + pixel] = red[pixels[source]!]!;
      target[offset + plane + pixel] = green[pixels[source + 1]!]!;
      target[offset + 2 * plane + pixel] = blue[pixels[source + 2]!]!;
    }
  }

  /** Planes [3, height * width] to planes, written to `target` from `offset` on. */
  planar(pixels: Uint8Array, target: Float32Array, offset: number): void {
    const plane = pixels.length / 3;
    this.#tables.forEach((table, channel) => {
      const start = channel * plane;
      for (let pixel = 0; pixel < plane; pixel++) {
        target[offset + start + pixel] = table[pixels[start + pixel]!]!;
      }
    });
  }
}

/** Planes [3, pixels] to interleaved [pixels, 3]. */
export function interleave(planes: Uint8Array): Uint8Array {
  const plane = planes.length / 3;
  const pixels = new Uint8Array(planes.length);
  for (let pixel = 0; pixel < plane; pixel++) {
    for (let channel = 0; channel < 3; channel++) pixels[3 * pixel + channel] = planes[channel * plane + pixel]!;
  }
  return pixels;
}

/** Interleaved [pixels, 3] to planes [3, pixels]. */
export function planes(interleaved: Uint8Array): Uint8Array {
  const plane = interleaved.length / 3;
  return Uint8Array.from(interleaved, (_, i) => interleaved[(i % plane) * 3 + Math.floor(i / plane)]!);
}
