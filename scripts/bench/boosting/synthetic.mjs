// Uniform features, of which four count, and a little noise on the training targets.
import { MersenneTwister } from '../../../dist/base/random.js';
import { writeRows } from './rows.mjs';

const columns = 80;

export function syntheticRows(folder, trainingRows, heldOutRows) {
  const random = new MersenneTwister(1);
  const make = (name, rows, noise) => {
    const features = Float32Array.from({ length: rows * columns }, () => random.float64());
    const targets = Float32Array.from({ length: rows }, (_, row) => {
      const x = features.subarray(row * columns);
      return 10 * x[0] + 3 * Math.sin(6 * x[1]) + 5 * x[2] * x[3] + noise * random.normal();
    });
    return writeRows(folder, name, features, targets);
  };
  return [{ train: make('train', trainingRows, 0.1), test: make('test', heldOutRows, 0) }];
}
