import { type EvaluatedRecipe, recipeNames } from '../base/recipe-names.js';
import type {
  AblationRow,
  BaselineErrors,
  ConfigurationRow,
  MetricsRow,
  OverallRow,
  PredictionRow,
  UnseenErrors,
  UnseenRow,
} from '../base/tables.js';

/** Columns of the result tables' CSV files, in order: the paper's, then ours. */
type ColumnsOf<Entry> = readonly (keyof Entry & string)[];

const baselines = ['RMSE_mean_ms', 'RMSE_roofline_ms', 'RMSE_hybrid_ms'] as const satisfies ColumnsOf<BaselineErrors>;

export const overallColumns: ColumnsOf<OverallRow> = [
  'model',
  'RMSE_ORION_ms',
  'RMSE_PreNeT_ms',
  'Improvement_%',
  'n_samples',
  ...baselines,
];

export const configurationColumns: ColumnsOf<ConfigurationRow> = [
  'model',
  'vcpu',
  'storage',
  'RMSE_ORION_ms',
  'RMSE_PreNeT_ms',
  'Improvement_ORION_vs_PreNeT_%',
  'n_samples',
  ...baselines,
];

export const unseenColumns: ColumnsOf<UnseenRow> = [
  'GPU',
  'n_samples',
  'RMSE_ORION_ms',
  'RMSE_PreNeT_ms',
  'Improvement_ORION_vs_PreNeT_%',
  ...baselines,
  'holdout',
];

/** @param column whose values the breakdown is by */
export const breakdownColumns = <Column extends string>(column: Column) =>
  [
    'model',
    column,
    'n_samples',
    'Actual_ms_mean',
    'Pred_ORION_ms_mean',
    'ORION_pct_error',
    'RMSE_ORION_ms',
    'Pred_PreNeT_ms_mean',
    'PreNeT_pct_error',
    'RMSE_PreNeT_ms',
    'GPU',
    ...baselines,
  ] as const satisfies readonly (keyof UnseenErrors | Column)[];

/** Of each recipe that was asked for; those of the two that the figures draw are always there. */
export function predictionColumns(recipes: readonly EvaluatedRecipe[]): ColumnsOf<PredictionRow> {
  const written = recipeNames.filter((name) => name === 'orion' || name === 'prenet' || recipes.includes(name));
  return [
    'record_id',
    'gpu_name',
    'model',
    'dataset',
    'batch_size',
    'vcpu',
    'storage',
    'fold',
    'actual_ms',
    ...written.flatMap((recipe) =>
      recipe === 'hybrid'
        ? (['pred_hybrid_ms', 'pred_hybrid_low_ms', 'pred_hybrid_high_ms'] as const)
        : ([`pred_${recipe}_ms`] as const),
    ),
  ];
}

export const metricsColumns: ColumnsOf<MetricsRow> = [
  'table',
  'GPU',
  'model',
  'vcpu',
  'storage',
  'batch_size',
  'recipe',
  'n_samples',
  'n_groups',
  'RMSE_ms',
  'RMSE_low_ms',
  'RMSE_high_ms',
  'MAE_ms',
  'MAE_low_ms',
  'MAE_high_ms',
  'MAPE_%',
  'MAPE_low_%',
  'MAPE_high_%',
  'median_APE_%',
  'median_APE_low_%',
  'median_APE_high_%',
  'bias_ms',
  'bias_low_ms',
  'bias_high_ms',
];

export const ablationColumns: ColumnsOf<AblationRow> = [
  'left_out',
  'n_samples',
  'RMSE_ms',
  'MAPE_%',
  'n_intervals',
  'interval_holds_%',
];
