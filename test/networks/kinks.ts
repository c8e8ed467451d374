import { elementCount } from '#src/graph/shape.js';
import { drawEach, type ParameterDraw, uniformDeviate } from './checks.js';

/**
 * With a million activations some are so near 0 that rounding decides which side of the ReLU they fall on, and a gradient
 * jumps (PyTorch's own in float32 and float64 differ by up to 8 %). So the norms before a ReLU, whose names `shifted`
 * matches, shift by 3, up or down by channel, and scale to a deviation of about 0.3: ten deviations from 0, and from 6.
 */
export const drawAwayFromKinks =
  (shifted: RegExp): ParameterDraw =>
  (name, dims, random) => {
    const deviate = () => uniformDeviate(random);
    if (dims.length > 1) {
      const gain = 1 / Math.sqrt(elementCount(dims.slice(1)));
      return drawEach(dims, () => gain * deviate());
    }
    const isShifted = shifted.test(name);
    if (name.endsWith('.weight')) return drawEach(dims, () => (1 + 0.2 * deviate()) * (isShifted ? 0.3 : 1));
    return drawEach(dims, (index) => (isShifted ? (index % 2 === 0 ? 3 : -3) : 0.1 * deviate()));
  };
