// Uniform features, of which four count, and a little noise on the training targets.
import { MersenneTwister } from '../../../dist/base/random.js';
import { writeRows } from './rows.mjs';

const columns = 80;

/**
 * As many pairs of training and held-out rows as asked for. The engines part bins differently, which moves the error on
 * one set of 5,000 rows by 2 % either way: only several of them tell which engine errs less.
 */
export function syntheticRows(folder, trainingRows, heldOutRows, sets) {
  return Array.from({ length: sets }, (_, set) => syntheticSet(folder, trainingRows, heldOutRows, set + 1));
}

function syntheticSet(folder, trainingRows, heldOutRows, seed) {
  const random = new MersenneTwister(seed);
  const make = (name, rows, noise) => {
    const features = Float32Array.from({ length: rows * columns }, () => random.float64());
    const targets = Float32Array.from({ length: rows }, (_, row) => {
      const x = features.subarray(row * columns);
      return 10 * x[0] + 3 * Math.sin(6 * x[1]) + 5 * x[2] * x[3] + noise * random.normal();
    });
    return writeRows(folder, `${name}-${seed}`, features, targets);
  };
  return { train: make('train', trainingRows, 0.1), test: make('test', heldOutRows, 0) };
}
