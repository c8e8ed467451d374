import type { EvaluatedFamily } from './columns.js';
import type { EvaluatedRecipe } from './recipe-names.js';

/**
 * The result tables that the evaluation writes and the figures draw. Field names are the CSV columns
 * (`orion.md` section 3, then ours); times in ms. NaN (an empty cell) where a recipe was not asked for or allows none.
 */

/** Ours, behind the paper's columns: rows of the group, and what plain baselines and the predictor reach on them. */
export interface BaselineErrors {
  n_samples?: number;
  RMSE_mean_ms?: number;
  RMSE_roofline_ms?: number;
  RMSE_hybrid_ms?: number;
}

/** `rmse_<family>_overall.csv`: out-of-fold RMSE per model. */
export interface OverallRow extends BaselineErrors {
  model: string;
  RMSE_ORION_ms: number;
  RMSE_PreNeT_ms: number;
  'Improvement_%': number;
}

/** `rmse_<family>.csv`: the same predictions, by configuration. */
export interface ConfigurationRow extends BaselineErrors {
  model: string;
  vcpu: number;
  storage: string;
  RMSE_ORION_ms: number;
  RMSE_PreNeT_ms: number;
  'Improvement_ORION_vs_PreNeT_%': number;
}

/** `predictions_<family>.csv`: one line per evaluated row. */
export interface PredictionRow {
  record_id: string;
  gpu_name: string;
  model: string;
  dataset: string;
  batch_size: number;
  vcpu: number | null;
  storage: string | null;
  /** Fold number (0-based), or the name of what was held out. */
  fold: number | string;
  actual_ms: number;
  pred_orion_ms: number;
  pred_prenet_ms: number;
  pred_mean_ms?: number;
  pred_roofline_ms?: number;
  pred_hybrid_ms?: number;
  /** Bounds of its 90 % interval. */
  pred_hybrid_low_ms?: number;
  pred_hybrid_high_ms?: number;
  pred_physics_ms?: number;
}

export interface FamilyTables {
  family: EvaluatedFamily;
  overall: OverallRow[];
  configurations: ConfigurationRow[];
  predictions: PredictionRow[];
}

/** `logo_<family>_summary.csv`: one line per thing left out, the smallest RMSE of ORION first. */
export interface UnseenRow extends BaselineErrors {
  /** What was left out: a GPU, or as `holdout` says a family of GPUs, a model, a number of workers or a storage mode. */
  GPU: string;
  n_samples: number;
  RMSE_ORION_ms: number;
  RMSE_PreNeT_ms: number;
  'Improvement_ORION_vs_PreNeT_%': number;
  holdout: Holdout;
}

export const holdouts = ['gpu', 'family', 'model', 'vcpu', 'storage'] as const;
export type Holdout = (typeof holdouts)[number];

/** What one of the things is called that are left out. */
export const holdoutNames: Record<Holdout, string> = {
  gpu: 'GPU',
  family: 'GPU family',
  model: 'model',
  vcpu: 'number of workers',
  storage: 'storage mode',
};

/** What the breakdowns by vCPUs, storage and batch size have in common; errors of the means in signed %. */
export interface UnseenErrors extends BaselineErrors {
  model: string;
  n_samples: number;
  Actual_ms_mean: number;
  Pred_ORION_ms_mean: number;
  ORION_pct_error: number;
  RMSE_ORION_ms: number;
  Pred_PreNeT_ms_mean: number;
  PreNeT_pct_error: number;
  RMSE_PreNeT_ms: number;
  GPU: string;
}

/** `logo_<family>_{summary,vcpu,storage,batch}.csv`. */
export interface UnseenTables {
  family: EvaluatedFamily;
  holdout: Holdout;
  summary: UnseenRow[];
  vcpu: (UnseenErrors & { vcpu: number })[];
  storage: (UnseenErrors & { storage: string })[];
  batch: (UnseenErrors & { batch_size: number })[];
  predictions: PredictionRow[];
}

/**
 * `{rmse,logo}_<family>_metrics.csv`: every metric of a recipe over a group, with 95 % intervals. `table` names the table
 * that has the group, or is `all`; columns that do not tell the group are null.
 */
export interface MetricsRow {
  table: string;
  GPU: string | null;
  model: string | null;
  vcpu: number | null;
  storage: string | null;
  batch_size: number | null;
  recipe: EvaluatedRecipe;
  n_samples: number;
  /** Configurations, rows of which differ only in learning rate or optimizer: what the intervals draw. */
  n_groups: number;
  RMSE_ms: number;
  RMSE_low_ms: number;
  RMSE_high_ms: number;
  MAE_ms: number;
  MAE_low_ms: number;
  MAE_high_ms: number;
  'MAPE_%': number;
  'MAPE_low_%': number;
  'MAPE_high_%': number;
  'median_APE_%': number;
  'median_APE_low_%': number;
  'median_APE_high_%': number;
  bias_ms: number;
  bias_low_ms: number;
  bias_high_ms: number;
}

/** `{rmse,logo}_<family>_ablation.csv`: errors of the recipe hybrid without one of its ingredients. */
export interface AblationRow {
  /** `nothing` for the whole. */
  left_out: string;
  n_samples: number;
  RMSE_ms: number;
  'MAPE_%': number;
  /** Predictions that have a 90 % interval, and the share of them that it holds; NaN where none has. */
  n_intervals: number;
  'interval_holds_%': number;
}
