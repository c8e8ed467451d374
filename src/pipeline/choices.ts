/** What options of the command line may be set to, and what its tables are made of. */
export { defaultRecipeNames, type EvaluatedRecipe, recipeNames } from '../base/recipe-names.js';
export { type AblationRow, holdoutNames, holdouts, type MetricsRow } from '../base/tables.js';
export { datasetNames } from '../data/catalogue.js';
export { foldUnits } from '../evaluate/folds.js';
export { trialOrders } from '../measure/trial/order.js';
export { phaseChoices } from '../measure/trial/settings.js';
export { sweptModels } from '../measure/trial/sweeps.js';
export { optimizers } from '../networks/types.js';
