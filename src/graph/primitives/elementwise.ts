import type { Attributes, GraphBuilder, Tensor } from '../builder.js';
import { elementTypeCode } from '../onnx/encode.js';
import type { FloatType } from '../onnx/types.js';
import { broadcastShape } from '../shape.js';
import { beforeSwap } from './layout.js';

/** Elementwise ONNX operators; two-operand ones broadcast as numpy does. A number is a scalar constant of a's type. */
type Operand = Tensor | number;

function operand(builder: GraphBuilder, a: Tensor, b: Operand): Tensor {
  if (typeof b === 'number') return builder.scalar(b, a.type as FloatType);
  if (a.type !== b.type) throw new RangeError(`${a.name} is ${a.type} and ${b.name} ${b.type}: cast one of them`);
  return b;
}

function binary(operator: string) {
  return (builder: GraphBuilder, a: Tensor, b: Operand): Tensor => {
    return beforeSwap(builder, [a, operand(builder, a, b)], (x, y) =>
      builder.emitOne(operator, [x!, y!], broadcastShape(x!.dims, y!.dims)),
    );
  };
}

function unary(operator: string, attributes: Attributes = {}) {
  return (builder: GraphBuilder, a: Tensor): Tensor =>
    beforeSwap(builder, [a], (x) => builder.emitOne(operator, [x!], x!.dims, attributes));
}

export const add = binary('Add');
export const subtract = binary('Sub');
export const multiply = binary('Mul');
export const divide = binary('Div');
export const maximum = binary('Max');

export const rectify = unary('Relu');
export const squareRoot = unary('Sqrt');
export const exponential = unary('Exp');
export const logarithm = unary('Log');
export const errorFunction = unary('Erf');

/** Any positive normal number times this is 1 or more. */
const steepest = 2 ** 127;
const steepStep = unary('HardSigmoid', { alpha: { float: steepest }, beta: { float: 0 } });

/** 1 where a > 0, else 0. HardSigmoid, max(0, min(1, alpha * a)), is one pass on the CPU: comparing and casting are two. */
export function isPositive(builder: GraphBuilder, a: Tensor): Tensor {
  return builder.provider === 'cpu' && a.type === 'float32' ? steepStep(builder, a) : greater(builder, a, 0);
}

/** 1 / a */
export function reciprocal(builder: GraphBuilder, a: Tensor): Tensor {
  return builder.emitOne('Reciprocal', [a], a.dims);
}

/** The truth of a comparison, bool. */
function comparison(operator: string) {
  return (builder: GraphBuilder, a: Tensor, b: Operand): Tensor =>
    beforeSwap(builder, [a, operand(builder, a, b)], (x, y) =>
      builder.emitOne(operator, [x!, y!], broadcastShape(x!.dims, y!.dims), {}, { type: 'bool' }),
    );
}

/** The truth of a comparison as 0 or 1 of a's type. */
function indicator(operator: string) {
  const compare = comparison(operator);
  return (builder: GraphBuilder, a: Tensor, b: Operand): Tensor =>
    cast(builder, compare(builder, a, b), a.type as FloatType);
}

export const isGreater = comparison('Greater');
export const isLess = comparison('Less');
export const isEqual = comparison('Equal');

export const greater = indicator('Greater');
export const equal = indicator('Equal');

/** `a` where `condition` (bool) is true, else `b`; of one type and shape, the condition broadcast. */
export function where(builder: GraphBuilder, condition: Tensor, a: Tensor, b: Tensor): Tensor {
  return builder.emitOne('Where', [condition, a, b], a.dims, {}, { type: a.type });
}

/** 1 where low < a < high, else 0, of a's type. */
export function within(builder: GraphBuilder, a: Tensor, low: Operand, high: Operand): Tensor {
  const inside = [isGreater(builder, a, low), isLess(builder, a, high)] as const;
  const both = beforeSwap(builder, inside, (above, below) => builder.emitOne('And', [above!, below!], above!.dims));
  return cast(builder, both, a.type as FloatType);
}

export function cast(builder: GraphBuilder, a: Tensor, type: FloatType): Tensor {
  if (a.type === type) return a;
  return beforeSwap(builder, [a], (x) =>
    builder.emitOne('Cast', [x!], x!.dims, { to: { int: elementTypeCode[type] } }, { type }),
  );
}

export const castToFloat = (builder: GraphBuilder, a: Tensor): Tensor => cast(builder, a, 'float32');
