import { elementCount } from '#src/graph/shape.js';
import { type ParameterDraw, uniformDeviate } from './checks.js';

/**
 * With a million activations some are so near 0 that rounding decides which side of the ReLU they fall on, and a gradient
 * jumps (PyTorch's own in float32 and float64 differ by up to 8 %). So the norms before a ReLU, whose names `shifted`
 * matches, shift by 3, up or down by channel, and scale to a deviation of about 0.3: ten deviations from 0, and from 6.
 */
export const drawAwayFromKinks =
  (shifted: RegExp): ParameterDraw =>
  (name, dims, random) => {
    const draw = (index: number): number => {
      const deviate = uniformDeviate(random);
      if (dims.length > 1) return deviate / Math.sqrt(elementCount(dims.slice(1)));
      if (name.endsWith('.weight')) return (1 + 0.2 * deviate) * (shifted.test(name) ? 0.3 : 1);
      if (shifted.test(name)) return index % 2 === 0 ? 3 : -3;
      return 0.1 * deviate;
    };
    return Float32Array.from({ length: elementCount(dims) }, (_, index) => draw(index));
  };
