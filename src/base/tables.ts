import type { Family } from './columns.js';

/**
 * The result tables that the evaluation writes and the figures draw. Field names are the CSV columns
 * (`orion.md` section 3); times in ms.
 */

/** `rmse_<family>_overall.csv`: out-of-fold RMSE per model. */
export interface OverallRow {
  model: string;
  RMSE_ORION_ms: number;
  RMSE_PreNeT_ms: number;
  'Improvement_%': number;
}

/** `rmse_<family>.csv`: the same predictions, by configuration. */
export interface ConfigurationRow {
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
}

export interface FamilyTables {
  family: Family;
  overall: OverallRow[];
  configurations: ConfigurationRow[];
  predictions: PredictionRow[];
}
