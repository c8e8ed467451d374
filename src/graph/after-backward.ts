import type { GraphBuilder, Tensor } from './builder.js';

/**
 * The same rows [1, n], each only there once all of them are: the optimizer begins after the backward pass, as in PyTorch.
 *
 * The CPU provider would otherwise update a parameter as soon as its gradient is known, and the new state would lie beside
 * the activations of the layers that are still to come: vgg16 took 165 MB more. The order is by data: each row gets its
 * shape from that of all the others, [1, -1] being the smallest. On a GPU the host would have to know that shape.
 */
export function afterBackward(builder: GraphBuilder, gradients: readonly Tensor[]): Tensor[] {
  if (builder.provider !== 'cpu') return [...gradients];
  const shapes = gradients.map((gradient) => builder.emitOne('Shape', [gradient], [2], {}, { type: 'int64' }));
  const row = builder.emitOne('Min', [builder.integers([1, -1]), ...shapes], [2]);
  return gradients.map((gradient) => builder.emitOne('Reshape', [gradient, row], gradient.dims));
}
