import type { EvaluatedRecipe } from '../base/recipe-names.js';
import type { MetricsRow, PredictionRow } from '../base/tables.js';
import { bootstrapIntervals, drawClusters } from './bootstrap.js';
import { groupBy } from './grouping.js';
import type { HeldOutPredictions } from './held-out.js';
import { ErrorSample } from './metrics.js';
import type { Replicates } from './replicates.js';

/** What tells a group of a table. */
export interface GroupKey {
  GPU?: string;
  model?: string;
  vcpu?: number;
  storage?: string;
  batch_size?: number;
}

/** A table's groups: the key of a prediction, or null where it is in none. */
export interface Grouping {
  table: string;
  keyOf: (row: PredictionRow) => GroupKey | null;
}

interface Entry {
  prediction: PredictionRow;
  cluster: number;
}

const noKey = { GPU: null, model: null, vcpu: null, storage: null, batch_size: null };

/** Clusters numbered from 0 within a group. */
function renumbered(entries: readonly Entry[]): { clusterOf: Uint32Array; clusters: number } {
  const numbers = new Map<number, number>();
  const clusterOf = Uint32Array.from(entries, ({ cluster }) => {
    if (!numbers.has(cluster)) numbers.set(cluster, numbers.size);
    return numbers.get(cluster)!;
  });
  return { clusterOf, clusters: numbers.size };
}

function rowsOfGroup(
  table: string,
  key: GroupKey,
  entries: readonly Entry[],
  recipes: readonly EvaluatedRecipe[],
  seed: number,
): MetricsRow[] {
  const { clusterOf, clusters } = renumbered(entries);
  // the same draws for all recipes, so that they can be compared
  const draws = drawClusters(clusters, seed);
  const actual = entries.map(({ prediction }) => prediction.actual_ms);
  return recipes.map((recipe) => {
    const predicted = entries.map(({ prediction }) => prediction[`pred_${recipe}_ms`] ?? Number.NaN);
    const sample = new ErrorSample(actual, predicted);
    const errors = sample.metrics();
    const intervals = bootstrapIntervals(sample, clusterOf, draws);
    return {
      table,
      ...noKey,
      ...key,
      recipe,
      n_samples: entries.length,
      n_groups: clusters,
      RMSE_ms: errors.rmseMs,
      RMSE_low_ms: intervals.rmseMs[0],
      RMSE_high_ms: intervals.rmseMs[1],
      MAE_ms: errors.maeMs,
      MAE_low_ms: intervals.maeMs[0],
      MAE_high_ms: intervals.maeMs[1],
      'MAPE_%': errors.mapePercent,
      'MAPE_low_%': intervals.mapePercent[0],
      'MAPE_high_%': intervals.mapePercent[1],
      'median_APE_%': errors.medianApePercent,
      'median_APE_low_%': intervals.medianApePercent[0],
      'median_APE_high_%': intervals.medianApePercent[1],
      bias_ms: errors.biasMs,
      bias_low_ms: intervals.biasMs[0],
      bias_high_ms: intervals.biasMs[1],
    };
  });
}

/** Metrics of each recipe over all predictions, then over the groups of each table; intervals from `seed`. */
export function metricsTable(
  { predictions, rows }: HeldOutPredictions,
  { groupOf }: Replicates,
  groupings: readonly Grouping[],
  recipes: readonly EvaluatedRecipe[],
  seed: number,
): MetricsRow[] {
  const entries = predictions.map((prediction, index): Entry => ({ prediction, cluster: groupOf[rows[index]!]! }));
  const everything: Grouping = { table: 'all', keyOf: () => ({}) };
  return [everything, ...groupings].flatMap(({ table, keyOf }) => {
    const partsOf = ({ prediction }: Entry) => {
      const key = keyOf(prediction);
      return key && (Object.values(key) as (string | number)[]);
    };
    return groupBy(entries, partsOf).flatMap((group) =>
      rowsOfGroup(table, keyOf(group.entries[0]!.prediction)!, group.entries, recipes, seed),
    );
  });
}
