import { fewestRows, fitHybrid, type HybridOptions } from '../../model/hybrid/fit.js';
import { predictHybrid } from '../../model/hybrid/predict.js';
import { readCatalogue } from '../../records/catalogue.js';
import { withDataSheets } from '../../records/data-sheet.js';
import type { Estimator } from './estimator.js';

/** The predictor of `fit`, with the catalogue's data sheets beside the hardware columns. */
export const hybrid =
  (options: HybridOptions): Estimator =>
  ({ table }) => {
    const rows = withDataSheets(table.rows, readCatalogue());
    const at = (indexes: ArrayLike<number>) => Array.from(indexes, (row) => rows[row]!);
    return async ({ training, heldOut }) => {
      if (training.length < fewestRows) return new Float64Array(heldOut.length).fill(Number.NaN);
      const predicted = predictHybrid(fitHybrid(at(training), options), at(heldOut));
      return {
        ms: Float64Array.from(predicted, ({ ms }) => ms),
        lowMs: Float64Array.from(predicted, ({ lowMs }) => lowMs ?? Number.NaN),
        highMs: Float64Array.from(predicted, ({ highMs }) => highMs ?? Number.NaN),
      };
    };
  };
