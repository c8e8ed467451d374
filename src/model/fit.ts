import { type BoosterParameters, type NativeBooster, native } from '../base/native.js';
import type { FeatureMatrix } from '../features/matrix.js';
import type { BoosterOptions } from './booster-options.js';
import { fitPreparation, type Preparation, prepareRows } from './preparation.js';

/** Gradient-boosted trees on prepared features. */
export interface FittedModel {
  preparation: Preparation;
  booster: NativeBooster;
}

/** The engine's largest `maxBin`; a column with more distinct values is split between bins of equal numbers of rows. */
const engineMaximumBins = 65535;

function engineParameters(parameters: BoosterOptions, rows: number): BoosterParameters {
  if (parameters.treeMethod === 'hist') return parameters;
  // a column cannot have more distinct values than there are rows
  return { ...parameters, maxBin: Math.min(Math.max(rows, 2), engineMaximumBins) };
}

/**
 * Trees on a matrix as it is, without preparation.
 * @param features [rows, columns], row-major, NaN = missing
 */
export async function trainBooster(
  features: Float32Array,
  rows: number,
  columns: number,
  targets: Float32Array,
  options: BoosterOptions,
): Promise<NativeBooster> {
  const { boosting } = native('Fitting a model');
  const booster = await boosting.train(features, rows, columns, targets, engineParameters(options, rows));
  // null comes of a progress callback that ends the fit, and none was given
  return booster!;
}

/**
 * Fits one model to the training rows alone.
 * @param targets one per row of `matrix`; those of other rows are not looked at
 * @param trainingRows indexes into `matrix`
 * Throws MissingDeviceError where the native booster cannot be loaded.
 */
export async function fitModel(
  matrix: FeatureMatrix,
  targets: Float64Array,
  trainingRows: Uint32Array,
  options: BoosterOptions,
): Promise<FittedModel> {
  const preparation = fitPreparation(matrix, trainingRows);
  const booster = await trainBooster(
    prepareRows(preparation, matrix, trainingRows),
    trainingRows.length,
    preparation.columns.length,
    Float32Array.from(trainingRows, (row) => targets[row]!),
    options,
  );
  return { preparation, booster };
}

/** Predictions for rows of a matrix (indexes), in the unit of the targets. */
export function predictRows(model: FittedModel, matrix: FeatureMatrix, rows: Uint32Array): Float64Array {
  const features = prepareRows(model.preparation, matrix, rows);
  return Float64Array.from(model.booster.predict(features, rows.length, 1));
}
