/** What predicts an iteration time in an evaluation, in the order of the tables: two recipes and two plain baselines. */
export const recipeNames = ['orion', 'prenet', 'mean', 'roofline'] as const;
export type EvaluatedRecipe = (typeof recipeNames)[number];
