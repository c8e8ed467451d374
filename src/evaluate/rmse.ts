import type { EvaluatedFamily } from '../base/columns.js';
import { defaultRecipeNames } from '../base/recipe-names.js';
import type { FamilyTables, MetricsRow } from '../base/tables.js';
import type { RecordTable } from '../records/read.js';
import { type Fold, type FoldUnit, groupedKFold, kFold } from './folds.js';
import { type EvaluationOptions, predictHeldOut } from './held-out.js';
import { type Grouping, metricsTable } from './metrics-table.js';
import { replicatesOf } from './replicates.js';
import { configurationTable, overallTable } from './summaries.js';

export interface FoldOptions {
  /** Default 5. */
  folds?: number;
  /** Default row. */
  foldsBy?: FoldUnit;
  /** Of the shuffle and of the intervals; default 42. */
  seed?: number;
}

export interface CrossValidationOptions extends EvaluationOptions, FoldOptions {}

/** The folds of a cross-validation. Throws InputError for fewer rows than folds. */
export function crossValidationFolds(
  table: RecordTable,
  family: EvaluatedFamily,
  { folds = 5, foldsBy = 'row', seed = 42 }: FoldOptions = {},
): Fold[] {
  if (foldsBy === 'row') return kFold(table.rows.length, folds, seed);
  const { groupOf, groups } = replicatesOf(table, family);
  return groupedKFold(groupOf, groups, folds, seed);
}

const groupings: readonly Grouping[] = [
  { table: 'overall', keyOf: ({ model }) => ({ model }) },
  {
    table: 'configurations',
    keyOf: ({ model, vcpu, storage }) => (vcpu === null || storage === null ? null : { model, vcpu, storage }),
  },
];

/**
 * K-fold cross-validation of one family's records, or of any (`orion.md` section 3): out-of-fold predictions, RMSE per model and per
 * configuration, and all metrics with intervals. The table needs `requiredColumns` (of any:
 * `requiredOfAny`, and what `possibleRecipes` finds), and hardware columns on its rows.
 * Throws InputError for fewer rows than folds, InterruptedError when aborted, MissingDeviceError without the addon.
 */
export async function crossValidate(
  table: RecordTable,
  family: EvaluatedFamily,
  options: CrossValidationOptions = {},
): Promise<FamilyTables & { metrics: MetricsRow[] }> {
  const replicates = replicatesOf(table, family);
  const folds = crossValidationFolds(table, family, options);
  const heldOut = await predictHeldOut(table, family, folds, options);
  const { predictions } = heldOut;
  return {
    family,
    overall: overallTable(predictions),
    configurations: configurationTable(predictions),
    predictions,
    metrics: metricsTable(heldOut, replicates, groupings, options.recipes ?? defaultRecipeNames, options.seed ?? 42),
  };
}
