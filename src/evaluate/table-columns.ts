import type { ConfigurationRow, OverallRow, PredictionRow } from '../base/tables.js';

/** Columns of the result tables' CSV files, in order. */
export const overallColumns: readonly (keyof OverallRow)[] = [
  'model',
  'RMSE_ORION_ms',
  'RMSE_PreNeT_ms',
  'Improvement_%',
];

export const configurationColumns: readonly (keyof ConfigurationRow)[] = [
  'model',
  'vcpu',
  'storage',
  'RMSE_ORION_ms',
  'RMSE_PreNeT_ms',
  'Improvement_ORION_vs_PreNeT_%',
];

export const predictionColumns: readonly (keyof PredictionRow)[] = [
  'record_id',
  'gpu_name',
  'model',
  'dataset',
  'batch_size',
  'vcpu',
  'storage',
  'fold',
  'actual_ms',
  'pred_orion_ms',
  'pred_prenet_ms',
];
