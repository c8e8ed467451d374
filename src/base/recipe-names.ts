/** What predicts an iteration time in an evaluation, in the order of the tables: two recipes, two plain baselines, and ours. */
export const recipeNames = ['orion', 'prenet', 'mean', 'roofline', 'hybrid', 'physics'] as const;
export type EvaluatedRecipe = (typeof recipeNames)[number];

/** What is evaluated unless others are asked for. */
export const defaultRecipeNames = [
  'orion',
  'prenet',
  'mean',
  'roofline',
  'hybrid',
] as const satisfies readonly EvaluatedRecipe[];
