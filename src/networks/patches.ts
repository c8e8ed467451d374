import type { Tape } from '../graph/autodiff/tape.js';
import type { Tensor } from '../graph/builder.js';
import { reshape, transpose } from '../graph/operations/layout.js';

/** Images [N, C, H, W] as their non-overlapping patches, row by row: [N, patches, C * size * size]. */
export function unfoldPatches(tape: Tape, images: Tensor, size: number): Tensor {
  const [batch, channels, height, width] = images.dims as [number, number, number, number];
  const [rows, columns] = [height / size, width / size];
  const cells = reshape(tape, images, [batch, channels, rows, size, columns, size]);
  const byPatch = transpose(tape, cells, [0, 2, 4, 1, 3, 5]);
  return reshape(tape, byPatch, [batch, rows * columns, channels * size * size]);
}
