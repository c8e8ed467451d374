import type { Attributes, GraphBuilder, Tensor } from '../builder.js';
import { broadcastShape } from '../shape.js';
import { beforeSwap } from './layout.js';

/** Elementwise ONNX operators; two-operand ones broadcast as numpy does. A number is a scalar constant. */
type Operand = Tensor | number;

function binary(operator: string) {
  return (builder: GraphBuilder, a: Tensor, b: Operand): Tensor => {
    const right = typeof b === 'number' ? builder.scalar(b) : b;
    return beforeSwap(builder, [a, right], (x, y) =>
      builder.emitOne(operator, [x!, y], broadcastShape(x!.dims, y!.dims)),
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
  return builder.provider === 'cpu' ? steepStep(builder, a) : greater(builder, a, builder.scalar(0));
}

/** 1 / a */
export function reciprocal(builder: GraphBuilder, a: Tensor): Tensor {
  return builder.emitOne('Reciprocal', [a], a.dims);
}

/** The truth of a comparison as 0 or 1 as float32. */
function indicator(operator: string) {
  return (builder: GraphBuilder, a: Tensor, b: Tensor): Tensor => {
    return beforeSwap(builder, [a, b], (x, y) => {
      const dims = broadcastShape(x!.dims, y!.dims);
      const truth = builder.emitOne(operator, [x!, y!], dims, {}, { type: 'bool' });
      return castToFloat(builder, truth);
    });
  };
}

export const greater = indicator('Greater');
export const equal = indicator('Equal');

/** 1 where low < a < high, else 0, as float32. */
export function within(builder: GraphBuilder, a: Tensor, low: Tensor, high: Tensor): Tensor {
  const bool = { type: 'bool' } as const;
  return beforeSwap(builder, [a, low, high], (x, from, to) => {
    const above = builder.emitOne('Greater', [x!, from!], x!.dims, {}, bool);
    const below = builder.emitOne('Less', [x!, to!], x!.dims, {}, bool);
    return castToFloat(builder, builder.emitOne('And', [above, below], x!.dims, {}, bool));
  });
}

const float32Code = 1;

export function castToFloat(builder: GraphBuilder, a: Tensor): Tensor {
  return builder.emitOne('Cast', [a], a.dims, { to: { int: float32Code } }, { type: 'float32' });
}
