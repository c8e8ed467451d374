/** What options of the command line may be set to. */
export { defaultRecipeNames, recipeNames } from '../base/recipe-names.js';
export { holdoutNames, holdouts } from '../base/tables.js';
export { datasetNames } from '../data/catalogue.js';
export { foldUnits } from '../evaluate/folds.js';
export { trialOrders } from '../measure/trial/order.js';
export { phaseChoices } from '../measure/trial/settings.js';
export { sweptModels } from '../measure/trial/sweeps.js';
export { optimizers } from '../networks/types.js';
