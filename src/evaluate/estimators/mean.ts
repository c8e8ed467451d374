import { mean } from '../../base/statistics.js';
import { numericColumn } from '../../features/source.js';
import type { Estimator } from './estimator.js';

/** Every row takes as long as the training rows on average: what a recipe must at least outdo. */
export const meanOfTraining: Estimator = ({ table: { rows } }) => {
  const measured = numericColumn(rows, 'avg_batch_time_ms')!;
  return async ({ training, heldOut }) => {
    const average = mean(Float64Array.from(training, (row) => measured[row]!));
    return new Float64Array(heldOut.length).fill(average);
  };
};
