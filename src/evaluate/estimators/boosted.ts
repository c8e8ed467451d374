import { type RecipeName, recipes } from '../../features/recipes.js';
import { numericColumn } from '../../features/source.js';
import { fitModel, predictRows } from '../../model/fit.js';
import type { Estimator } from './estimator.js';

/** Trees fitted to the features and the target of a recipe. */
export const boosted =
  (name: RecipeName): Estimator =>
  ({ table: { columns, rows }, family, booster }) => {
    const recipe = recipes[name];
    const matrix = recipe.matrix({ family, columns, rows });
    const targets = numericColumn(rows, recipe.target)!;
    return async ({ training, heldOut }) =>
      predictRows(await fitModel(matrix, targets, training, booster), matrix, heldOut);
  };
