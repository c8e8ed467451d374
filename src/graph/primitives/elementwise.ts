import type { GraphBuilder, Tensor } from '../builder.js';
import { broadcastShape } from '../shape.js';

/** Elementwise ONNX operators; two-operand ones broadcast as numpy does. A number is a scalar constant. */
type Operand = Tensor | number;

function binary(operator: string) {
  return (builder: GraphBuilder, a: Tensor, b: Operand): Tensor => {
    const right = typeof b === 'number' ? builder.scalar(b) : b;
    return builder.emitOne(operator, [a, right], broadcastShape(a.dims, right.dims));
  };
}

function unary(operator: string) {
  return (builder: GraphBuilder, a: Tensor): Tensor => builder.emitOne(operator, [a], a.dims);
}

export const add = binary('Add');
export const subtract = binary('Sub');
export const multiply = binary('Mul');
export const divide = binary('Div');
export const maximum = binary('Max');

export const squareRoot = unary('Sqrt');
export const exponential = unary('Exp');
export const logarithm = unary('Log');
export const errorFunction = unary('Erf');

/** 1 / a */
export function reciprocal(builder: GraphBuilder, a: Tensor): Tensor {
  return builder.emitOne('Reciprocal', [a], a.dims);
}

/** The truth of a comparison as 0 or 1 as float32. */
function indicator(operator: string) {
  return (builder: GraphBuilder, a: Tensor, b: Tensor): Tensor => {
    const dims = broadcastShape(a.dims, b.dims);
    const truth = builder.emitOne(operator, [a, b], dims, {}, { type: 'bool' });
    return castToFloat(builder, truth);
  };
}

export const greater = indicator('Greater');
export const equal = indicator('Equal');

/** 1 where low < a < high, else 0, as float32. */
export function within(builder: GraphBuilder, a: Tensor, low: Tensor, high: Tensor): Tensor {
  const bool = { type: 'bool' } as const;
  const above = builder.emitOne('Greater', [a, low], a.dims, {}, bool);
  const below = builder.emitOne('Less', [a, high], a.dims, {}, bool);
  return castToFloat(builder, builder.emitOne('And', [above, below], a.dims, {}, bool));
}

const float32Code = 1;

export function castToFloat(builder: GraphBuilder, a: Tensor): Tensor {
  return builder.emitOne('Cast', [a], a.dims, { to: { int: float32Code } }, { type: 'float32' });
}
