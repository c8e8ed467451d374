import type { Tape } from '../autodiff/tape.js';
import type { GraphBuilder, Tensor } from '../builder.js';
import * as elementwise from '../primitives/elementwise.js';
import { castToFloat, multiply, subtract } from '../primitives/elementwise.js';
import { reshape } from '../primitives/layout.js';
import { reduceSum } from '../primitives/reduce.js';
import { elementCount, range } from '../shape.js';

/** 1 where int64 `ids` differ from `paddingId`, else 0; float32, of the same shape. */
export function paddingMask(builder: GraphBuilder, ids: Tensor, paddingId: number): Tensor {
  const isPadding = builder.emitOne('Equal', [ids, builder.integers([paddingId], [])], ids.dims, {}, { type: 'bool' });
  return castToFloat(builder, builder.emitOne('Not', [isPadding], ids.dims));
}

/**
 * What a masked attention score is lowered by: far enough for a weight of 0, yet finite, in float16 too, so that a row of
 * nothing but padding gives no NaN.
 */
const paddingBias = -1e4;
/** Lower than padding: a token that sees nothing but padding still does not see later tokens. */
const causalBias = -2e4;

/**
 * What is added to attention scores [N, heads, queries, T] so that no token attends to padding: [N, 1, 1, T]; `mask` is
 * [N, T].
 */
export function attentionBias(builder: GraphBuilder, mask: Tensor): Tensor {
  const [batch, tokens] = mask.dims as [number, number];
  const bias = multiply(builder, subtract(builder, mask, 1), -paddingBias);
  return reshape(builder, bias, [batch, 1, 1, tokens]);
}

/** As `attentionBias`, and no token attends to a later one: [N, 1, T, T]. */
export function causalAttentionBias(builder: GraphBuilder, mask: Tensor): Tensor {
  const tokens = mask.dims[1]!;
  const places = range(0, tokens);
  const isLater = elementwise.greater(
    builder,
    builder.floats(places, [1, 1, 1, tokens]),
    builder.floats(places, [1, 1, tokens, 1]),
  );
  return elementwise.add(builder, attentionBias(builder, mask), multiply(builder, isLater, causalBias));
}

/** Mean over the tokens of x [N, T, D] whose `mask` [N, T] is 1: [N, D]. Two FLOPs per element of `x`. */
export function maskedMean(tape: Tape, x: Tensor, mask: Tensor): Tensor {
  const { builder } = tape;
  const [batch, tokens, width] = x.dims as [number, number, number];
  const tokenCount = elementwise.maximum(builder, reduceSum(builder, mask, [1], true), 1);
  const weights = reshape(builder, elementwise.divide(builder, mask, tokenCount), [batch, tokens, 1]);
  return tape.record({
    kind: 'elementwise',
    inputs: [x, mask],
    output: tape.inComputeType(reduceSum(builder, multiply(builder, castToFloat(builder, x), weights), [1])),
    flops: 2 * elementCount(x.dims),
    gradient: (g) => [
      () => multiply(builder, reshape(builder, castToFloat(builder, g), [batch, 1, width]), weights),
      null,
    ],
  });
}
