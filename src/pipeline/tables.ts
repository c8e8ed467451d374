import { existsSync } from 'node:fs';
import type { EvaluatedFamily } from '../base/columns.js';
import type { EvaluatedRecipe } from '../base/recipe-names.js';
import type { AblationRow, FamilyTables, MetricsRow, UnseenTables } from '../base/tables.js';
import {
  ablationColumns,
  breakdownColumns,
  configurationColumns,
  metricsColumns,
  overallColumns,
  predictionColumns,
  unseenColumns,
} from '../evaluate/table-columns.js';
import { readRecords } from '../records/read.js';
import { writeTable } from '../records/write.js';
import type { OutputFolder } from './output-folder.js';

type ColumnsOf<Entry> = readonly (keyof Entry & string)[];

const fileNames = (family: EvaluatedFamily, suffix = '') => ({
  overall: `rmse_${family}${suffix}_overall.csv`,
  configurations: `rmse_${family}${suffix}.csv`,
  metrics: `rmse_${family}${suffix}_metrics.csv`,
  predictions: `predictions_${family}${suffix}.csv`,
});

/**
 * Writes the tables of one family's cross-validation as CSV.
 * @param suffix of the family in the file names, for another protocol than the paper's
 */
export async function writeTables(
  out: OutputFolder,
  { family, ...tables }: FamilyTables & { metrics: MetricsRow[] },
  recipes: readonly EvaluatedRecipe[],
  suffix: string,
): Promise<void> {
  const names = fileNames(family, suffix);
  await writeTable(out.file(names.overall), overallColumns, tables.overall);
  await writeTable(out.file(names.configurations), configurationColumns, tables.configurations);
  await writeTable(out.file(names.metrics), metricsColumns, tables.metrics);
  await writeTable(out.file(names.predictions), predictionColumns(recipes), tables.predictions);
}

/** Writes the tables of one family's leaving-one-out as CSV. */
export async function writeUnseenTables(
  out: OutputFolder,
  { family, ...tables }: UnseenTables & { metrics: MetricsRow[] },
  recipes: readonly EvaluatedRecipe[],
): Promise<void> {
  const file = (table: string) => out.file(`logo_${family}_${table}.csv`);
  await writeTable(file('summary'), unseenColumns, tables.summary);
  await writeTable(file('vcpu'), breakdownColumns('vcpu'), tables.vcpu);
  await writeTable(file('storage'), breakdownColumns('storage'), tables.storage);
  await writeTable(file('batch'), breakdownColumns('batch_size'), tables.batch);
  await writeTable(file('metrics'), metricsColumns, tables.metrics);
  await writeTable(out.file(`predictions_${family}.csv`), predictionColumns(recipes), tables.predictions);
}

/**
 * Writes what the ingredients of the predictor are worth.
 * @param evaluation of the file names: rmse_<family>, logo_<family>
 */
export async function writeAblation(
  out: OutputFolder,
  evaluation: string,
  rows: readonly AblationRow[],
): Promise<void> {
  await writeTable(out.file(`${evaluation}_ablation.csv`), ablationColumns, rows);
}

/** Keys have a value in every row, other cells are empty where a recipe was not evaluated. */
async function readTable<Entry>(file: string, keys: ColumnsOf<Entry>, values: ColumnsOf<Entry>): Promise<Entry[]> {
  const { rows } = await readRecords([file], { required: [...keys, ...values], keys, everything: true });
  return rows as Entry[];
}

/** The tables of one family from an earlier evaluation; null where there was none. */
export async function readTables(out: OutputFolder, family: EvaluatedFamily): Promise<FamilyTables | null> {
  const { overall, configurations, predictions } = fileNames(family);
  if (![overall, configurations, predictions].every((name) => existsSync(out.file(name)))) return null;
  return {
    family,
    overall: await readTable(out.file(overall), ['model'], ['RMSE_ORION_ms', 'RMSE_PreNeT_ms', 'Improvement_%']),
    configurations: await readTable(
      out.file(configurations),
      ['model', 'vcpu', 'storage'],
      ['RMSE_ORION_ms', 'RMSE_PreNeT_ms', 'Improvement_ORION_vs_PreNeT_%'],
    ),
    predictions: await readTable(
      out.file(predictions),
      ['gpu_name', 'model', 'batch_size', 'fold', 'actual_ms'],
      ['pred_orion_ms', 'pred_prenet_ms'],
    ),
  };
}
