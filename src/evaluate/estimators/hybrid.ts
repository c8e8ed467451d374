import type { Row } from '../../base/columns.js';
import { fewestRows, fitHybrid, type HybridOptions } from '../../model/hybrid/fit.js';
import { predictHybrid } from '../../model/hybrid/predict.js';
import { readCatalogue } from '../../records/catalogue.js';
import { withDataSheets } from '../../records/data-sheet.js';
import type { Fold } from '../folds.js';
import type { Estimator, PredictedIntervals } from './estimator.js';

/** Predicts folds of rows with data sheets by what `fit` learns from the others; NaN where these are too few. */
export const foldPredictor = (rows: readonly Row[], options: HybridOptions) => {
  const at = (indexes: ArrayLike<number>) => Array.from(indexes, (row) => rows[row]!);
  return async ({ training, heldOut }: Fold): Promise<PredictedIntervals> => {
    if (training.length < fewestRows) {
      const unknown = () => new Float64Array(heldOut.length).fill(Number.NaN);
      return { ms: unknown(), lowMs: unknown(), highMs: unknown() };
    }
    const predicted = predictHybrid(fitHybrid(at(training), options), at(heldOut));
    return {
      ms: Float64Array.from(predicted, ({ ms }) => ms),
      lowMs: Float64Array.from(predicted, ({ lowMs }) => lowMs ?? Number.NaN),
      highMs: Float64Array.from(predicted, ({ highMs }) => highMs ?? Number.NaN),
    };
  };
};

/** The predictor of `fit`, with the catalogue's data sheets beside the hardware columns. */
export const hybrid =
  (options: HybridOptions): Estimator =>
  ({ table }) =>
    foldPredictor(withDataSheets(table.rows, readCatalogue()), options);
