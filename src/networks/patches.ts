import type { Tape } from '../graph/autodiff/tape.js';
import type { Tensor } from '../graph/builder.js';
import { biasDefault, linearDefault } from '../graph/initialise.js';
import { reshape, transpose } from '../graph/operations/layout.js';
import { linear } from '../graph/operations/linear.js';

/** Images [N, C, H, W] as their non-overlapping patches, row by row: [N, patches, C * size * size]. */
export function unfoldPatches(tape: Tape, images: Tensor, size: number): Tensor {
  const [batch, channels, height, width] = images.dims as [number, number, number, number];
  const [rows, columns] = [height / size, width / size];
  const cells = reshape(tape, images, [batch, channels, rows, size, columns, size]);
  const byPatch = transpose(tape, cells, [0, 2, 4, 1, 3, 5]);
  return reshape(tape, byPatch, [batch, rows * columns, channels * size * size]);
}

/**
 * A convolution whose kernel and stride are the size of a patch, with bias, as one Gemm over the unfolded patches: [N, C,
 * H, W] -> [N, patches, outputs]. The weight is a convolution's, [outputs, C, size, size].
 */
export function patchEmbedding(tape: Tape, name: string, images: Tensor, size: number, outputs: number): Tensor {
  const channels = images.dims[1]!;
  const inputs = channels * size * size;
  return tape.builder.within(name, () => {
    const weight = tape.parameter('weight', [outputs, channels, size, size], linearDefault);
    const bias = tape.parameter('bias', [outputs], biasDefault(inputs));
    return linear(tape, unfoldPatches(tape, images, size), reshape(tape, weight, [outputs, inputs]), bias);
  });
}
