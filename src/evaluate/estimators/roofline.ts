import { orionFrame } from '../../features/orion.js';
import type { Estimator } from './estimator.js';

/**
 * The plain roofline, which learns nothing: the longer of FLOPs over the device's peak and activation bytes over its
 * bandwidth (`roof_time_ms`, step 5 of the recipe).
 */
export const roofline: Estimator = ({ table: { columns, rows }, family }) => {
  const bounds = orionFrame({ family, columns, rows }).get('roof_time_ms');
  return async ({ heldOut }) => Float64Array.from(heldOut, (row) => bounds?.[row] ?? Number.NaN);
};
