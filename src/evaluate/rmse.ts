import type { Family } from '../base/columns.js';
import type { FamilyTables } from '../base/tables.js';
import type { RecordTable } from '../records/read.js';
import { kFold } from './folds.js';
import { type EvaluationOptions, predictHeldOut } from './held-out.js';
import { configurationTable, overallTable } from './summaries.js';

export interface CrossValidationOptions extends EvaluationOptions {
  /** Default 5. */
  folds?: number;
  /** Of the shuffle; default 42. */
  seed?: number;
}

/**
 * K-fold cross-validation of ORION and PreNeT on one family's records (`orion.md` section 3): out-of-fold predictions,
 * RMSE per model and per configuration. The table needs `requiredColumns`, and hardware columns on its rows.
 * Throws InputError for fewer rows than folds, InterruptedError when aborted, MissingDeviceError without the addon.
 */
export async function crossValidate(
  table: RecordTable,
  family: Family,
  options: CrossValidationOptions = {},
): Promise<FamilyTables> {
  const folds = kFold(table.rows.length, options.folds ?? 5, options.seed ?? 42);
  const predictions = await predictHeldOut(table, family, folds, options);
  return {
    family,
    overall: overallTable(predictions),
    configurations: configurationTable(predictions),
    predictions,
  };
}
