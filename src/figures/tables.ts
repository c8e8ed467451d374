/** What the figures need of the result tables, as read from CSV: null where a recipe was not asked for. Times in ms. */
export interface RecipeErrors {
  RMSE_ORION_ms: number | null;
  RMSE_PreNeT_ms: number | null;
}

/** `rmse_<family>_overall.csv`: out-of-fold RMSE of a model; a baseline that was not evaluated may be absent. */
export interface OverallErrors extends RecipeErrors {
  model: string;
  RMSE_mean_ms?: number | null;
  RMSE_roofline_ms?: number | null;
}

export type Holdout = 'gpu' | 'family' | 'model';

/** `logo_<family>_summary.csv`: RMSE for what the fitted models had not seen. */
export interface UnseenErrors extends RecipeErrors {
  /** What was left out: a GPU, or as `holdout` says. */
  GPU: string;
  /** gpu where it is absent. */
  holdout?: Holdout;
}
