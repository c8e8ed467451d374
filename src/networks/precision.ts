import type { FloatType } from '../graph/onnx/types.js';
import type { Precision } from './types.js';

/** The type that products and convolutions are computed in. */
export const computeTypeOf = ({ precision }: { precision: Precision }): FloatType =>
  precision === 16 ? 'float16' : 'float32';
