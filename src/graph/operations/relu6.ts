import type { Tape } from '../autodiff/tape.js';
import type { Tensor } from '../builder.js';
import type { FloatType } from '../onnx/types.js';
import { multiply, within } from '../primitives/elementwise.js';
import { beforeSwap } from '../primitives/layout.js';
import { elementCount } from '../shape.js';

const limit = 6;

/**
 * min(max(x, 0), 6) (Krizhevsky 2010), as torch.nn.ReLU6: at 0 and at 6 the gradient is 0. Two FLOPs (comparisons) per
 * element.
 */
export function relu6(tape: Tape, x: Tensor): Tensor {
  const { builder } = tape;
  const [low, high] = [0, limit].map((value) => builder.scalar(value, x.type as FloatType)) as [Tensor, Tensor];
  const output = beforeSwap(builder, [x], (images) => builder.emitOne('Clip', [images!, low, high], images!.dims));
  return tape.record({
    kind: 'activation',
    inputs: [x],
    output,
    flops: 2 * elementCount(x.dims),
    // By the output, so that the input need not be kept.
    gradient: (g) => [() => multiply(builder, g, within(builder, output, low, high))],
  });
}
