import type { Tape } from '../autodiff/tape.js';
import type { Tensor } from '../builder.js';
import { add } from '../primitives/elementwise.js';
import { gather as gatherNode } from '../primitives/layout.js';

/**
 * The slices of `x` along `axis` at constant positions `indices`, in that order. Each slice must be taken equally often,
 * at least once (RangeError otherwise): then the gradient is a sum of as many gathers, and needs no scatter. No FLOPs.
 */
export function gather(tape: Tape, x: Tensor, indices: readonly number[], axis: number): Tensor {
  const { builder } = tape;
  const placesOf = Array.from({ length: x.dims[axis]! }, (): number[] => []);
  indices.forEach((index, place) => {
    placesOf[index]?.push(place);
  });
  const times = indices.length / placesOf.length;
  if (times === 0 || placesOf.some((places) => places.length !== times)) {
    throw new RangeError(`the positions along axis ${axis} of ${x.name} are not all taken equally often`);
  }
  return tape.record({
    kind: 'layout',
    inputs: [x],
    output: gatherNode(builder, x, indices, axis),
    flops: 0,
    gradient: (g) => [
      () =>
        Array.from({ length: times }, (_, nth) =>
          gatherNode(
            builder,
            g,
            placesOf.map((places) => places[nth]!),
            axis,
          ),
        ).reduce((total, part) => add(builder, total, part)),
    ],
  });
}
