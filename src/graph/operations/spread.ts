import type { GraphBuilder, Tensor } from '../builder.js';
import type { FloatType } from '../onnx/types.js';
import { multiply } from '../primitives/elementwise.js';
import { beforeSwap } from '../primitives/layout.js';
import { elementCount } from '../shape.js';

/** Fills a factor x factor cell with each pixel of [A, B, h, w]: [A, B, h * factor, w * factor]. */
export function copyPixels(builder: GraphBuilder, pixels: Tensor, factor: number): Tensor {
  const scales = builder.floats([1, 1, factor, factor]);
  return beforeSwap(builder, [pixels], (source) => {
    const [a, b, height, width] = source!.dims as [number, number, number, number];
    return builder.emitOne('Resize', [source!, null, scales], [a, b, height * factor, width * factor], {
      mode: { text: 'nearest' },
      nearest_mode: { text: 'floor' },
      coordinate_transformation_mode: { text: 'asymmetric' },
    });
  });
}

/**
 * Puts each pixel of [A, B, h, w] into the upper left corner of a stride x stride cell of zeros: [A, B, h * stride,
 * w * stride]. Nearest-neighbour Resize and a mask: five times faster on the CPU than padding.
 */
export function spreadPixels(builder: GraphBuilder, pixels: Tensor, stride: number): Tensor {
  if (stride === 1) return pixels;
  const copied = copyPixels(builder, pixels, stride);
  const [height, width] = copied.dims.slice(2) as [number, number];
  return multiply(builder, copied, cornerMask(builder, height, width, stride, pixels.type as FloatType));
}

/** 1 at the corners of the cells: [height, width]. */
function cornerMask(builder: GraphBuilder, height: number, width: number, stride: number, type: FloatType): Tensor {
  const mask = new Float32Array(elementCount([height, width]));
  for (let row = 0; row < height; row += stride) {
    for (let column = 0; column < width; column += stride) mask[row * width + column] = 1;
  }
  return builder.floats(mask, [height, width], type);
}
