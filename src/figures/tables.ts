import type { Holdout } from '../base/tables.js';

/** What the figures need of the result tables, as read from CSV: null where a recipe was not asked for. Times in ms. */
export interface RecipeErrors {
  RMSE_ORION_ms: number | null;
  RMSE_PreNeT_ms: number | null;
  /** Of plain baselines and of our predictor; absent in tables of before. */
  RMSE_mean_ms?: number | null;
  RMSE_roofline_ms?: number | null;
  RMSE_hybrid_ms?: number | null;
}

/** `rmse_<family>_overall.csv`: out-of-fold RMSE of a model. */
export interface OverallErrors extends RecipeErrors {
  model: string;
}

/** `logo_<family>_summary.csv`: RMSE for what the fitted models had not seen. */
export interface UnseenErrors extends RecipeErrors {
  /** What was left out: a GPU, or as `holdout` says. */
  GPU: string;
  /** gpu where it is absent. */
  holdout?: Holdout;
}
