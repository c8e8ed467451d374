import type { BaselineErrors, ConfigurationRow, OverallRow, PredictionRow } from '../base/tables.js';
import { groupBy } from './grouping.js';
import { improvementPercent, rmse } from './metrics.js';

const smallestGroup = 2;

/** RMSE of all recipes over some predictions, ms, and ORION's improvement on PreNeT, %. */
export function rmseOfRecipes(predictions: readonly PredictionRow[]): {
  orion: number;
  prenet: number;
  improvement: number;
  baselines: Required<BaselineErrors>;
} {
  const actual = predictions.map((row) => row.actual_ms);
  const of = (predictedMs: (row: PredictionRow) => number | undefined) =>
    rmse(
      actual,
      predictions.map((row) => predictedMs(row) ?? Number.NaN),
    );
  const orion = of((row) => row.pred_orion_ms);
  const prenet = of((row) => row.pred_prenet_ms);
  return {
    orion,
    prenet,
    improvement: improvementPercent(orion, prenet),
    baselines: {
      n_samples: predictions.length,
      RMSE_mean_ms: of((row) => row.pred_mean_ms),
      RMSE_roofline_ms: of((row) => row.pred_roofline_ms),
      RMSE_hybrid_ms: of((row) => row.pred_hybrid_ms),
    },
  };
}

/** RMSE per model; models with one row alone are left out. */
export function overallTable(predictions: readonly PredictionRow[]): OverallRow[] {
  return groupBy(predictions, (row) => [row.model] as const)
    .filter(({ entries }) => entries.length >= smallestGroup)
    .map(({ key: [model], entries }) => {
      const { orion, prenet, improvement, baselines } = rmseOfRecipes(entries);
      return { model, RMSE_ORION_ms: orion, RMSE_PreNeT_ms: prenet, 'Improvement_%': improvement, ...baselines };
    });
}

/** RMSE per (model, vcpu, storage); rows that lack one of the three are in no group. */
export function configurationTable(predictions: readonly PredictionRow[]): ConfigurationRow[] {
  const configurationOf = ({ model, vcpu, storage }: PredictionRow) =>
    vcpu === null || storage === null ? null : ([model, vcpu, storage] as const);
  return groupBy(predictions, configurationOf).map(({ key: [model, vcpu, storage], entries }) => {
    const { orion, prenet, improvement, baselines } = rmseOfRecipes(entries);
    return {
      model,
      vcpu,
      storage,
      RMSE_ORION_ms: orion,
      RMSE_PreNeT_ms: prenet,
      'Improvement_ORION_vs_PreNeT_%': improvement,
      ...baselines,
    };
  });
}
