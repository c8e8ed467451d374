import type { NetworkDescription } from './types.js';

type ImageShape = readonly [channels: number, height: number, width: number];

/** The images that a network reads of a data set whose own have this shape. */
export function imageShapeFor({ imageSize }: NetworkDescription, [channels, height, width]: ImageShape): ImageShape {
  return [channels, imageSize ?? height, imageSize ?? width];
}
