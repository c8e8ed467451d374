import type { GraphBuilder, Tensor } from '../../builder.js';
import { reshape, swapImages } from '../../primitives/layout.js';
import { elementCount, type Shape } from '../../shape.js';

/** Images [N, C, H, W] as a matrix with a row per channel: [C, N * H * W]. */
export function channelRows(builder: GraphBuilder, images: Tensor): Tensor {
  const channels = images.dims[1]!;
  return reshape(builder, swapImages(builder, images), [channels, elementCount(images.dims) / channels]);
}

/** The inverse of `channelRows`: images of shape `dims`. */
export function imagesOfChannelRows(builder: GraphBuilder, matrix: Tensor, dims: Shape): Tensor {
  const [batch, channels, height, width] = dims as [number, number, number, number];
  return swapImages(builder, reshape(builder, matrix, [channels, batch, height, width]));
}
