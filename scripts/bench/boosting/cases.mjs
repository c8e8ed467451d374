// The cases of the boosting bench: rows, hyper-parameters (by XGBoost's names) and what is timed.
import { recordRows } from './records.mjs';
import { syntheticRows } from './synthetic.mjs';

/** Those of the benchmark. */
const benchmark = { n_estimators: 800, max_depth: 9, learning_rate: 0.045, tree_method: 'hist' };
/** Those of the paper (section 2 of the reference behaviour); the method is XGBoost's own choice for this size. */
const published = {
  ...benchmark,
  subsample: 0.9,
  colsample_bytree: 0.9,
  reg_lambda: 1.2,
  seed: 42,
  tree_method: 'exact',
};

const heldOutRows = 10_000;

const synthetic = (rows, threads, mostPairs, measures = 'fit') => ({
  rowsOf: (folder) =>
    measures === 'predict'
      ? syntheticRows(folder, rows, 10 * heldOutRows, 1)
      : syntheticRows(folder, rows, heldOutRows, rows <= 5_000 ? 4 : 1),
  parameters: benchmark,
  threads,
  mostPairs,
  measures,
});

const records = (file, family, parameters) => ({
  rowsOf: (folder, shared) => recordRows(folder, shared, file, family),
  parameters,
  threads: 2,
  mostPairs: 3,
  measures: 'fit',
});

export const cases = {
  'fit-5000-1': synthetic(5_000, 1, 3),
  'fit-5000-2': synthetic(5_000, 2, 3),
  'fit-100000-1': synthetic(100_000, 1, 1),
  'fit-100000-2': synthetic(100_000, 2, 1),
  'predict-5000-2': synthetic(5_000, 2, 5, 'predict'),
  'parity-CNN': records('parity/CNN.csv', 'cnn', published),
  'parity-MLP': records('parity/MLP.csv', 'mlp', published),
  'parity-Transformer': records('parity/Transformer.csv', 'transformer', published),
  'profet-hist': records('data/CNN_profet.csv', 'cnn', benchmark),
  'neusight-hist': records('data/Transformer_neusight.csv', 'transformer', benchmark),
};
