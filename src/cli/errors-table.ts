import type { AblationRow, EvaluatedRecipe, MetricsRow } from '../pipeline/choices.js';
import { formatTable, significantOrNone } from './text.js';

/** A column of the printed table that tells its groups, and the column of the metrics that it is from. */
export type KeyColumn = readonly [title: string, column: 'GPU' | 'model' | 'vcpu' | 'storage'];

const labels: Readonly<Record<EvaluatedRecipe, string>> = {
  orion: 'ORION',
  prenet: 'PreNeT',
  mean: 'mean',
  roofline: 'roofline',
  hybrid: 'hybrid',
  physics: 'physics',
};

/**
 * Errors of every recipe that was evaluated, a line per group of a table and one for all records.
 * @param table of the metrics
 * @param improvementOf ORION's improvement on PreNeT, %, in the group of a line; shown where both were evaluated
 */
export function errorsText(
  metrics: readonly MetricsRow[],
  table: string,
  keys: readonly KeyColumn[],
  improvementOf: (group: MetricsRow) => number | undefined,
): string {
  const all = metrics.filter((row) => row.table === 'all');
  const recipes = all.map(({ recipe }) => recipe);
  const ofGroups = metrics.filter((row) => row.table === table);
  const groups = [...chunksOf(ofGroups, recipes.length), all];
  const compared = recipes.includes('orion') && recipes.includes('prenet');
  return formatTable(
    [
      ...keys.map(([title]) => title),
      'records',
      ...recipes.flatMap((recipe) => [`${labels[recipe]} (ms)`, '(%)']),
      ...(compared ? ['improvement (%)'] : []),
    ],
    groups.map((group) => [
      ...keys.map(([, column], i) => group[0]![column] ?? (i === 0 ? 'all' : '')),
      group[0]!.n_samples,
      ...group.flatMap((row) => [significantOrNone(row.RMSE_ms), significantOrNone(row['MAPE_%'])]),
      ...(compared ? [significantOrNone(improvementOf(group[0]!))] : []),
    ]),
  );
}

function chunksOf<Item>(items: readonly Item[], length: number): Item[][] {
  return Array.from({ length: items.length / length }, (_, i) => items.slice(i * length, (i + 1) * length));
}

/** What the numbers of the table are. */
export const errorsLegend =
  'RMSE in ms, mean absolute error in %; improvement is that of ORION on PreNeT. All metrics with intervals are in the files.';

/** Errors of the recipe hybrid with each of its ingredients removed. */
const ablationText = (rows: readonly AblationRow[]): string =>
  formatTable(
    ['hybrid without', 'RMSE (ms)', 'MAPE (%)', '90 % interval holds (%)'],
    rows.map((row) => [
      row.left_out,
      significantOrNone(row.RMSE_ms),
      significantOrNone(row['MAPE_%']),
      significantOrNone(row['interval_holds_%']),
    ]),
  );

/** A table of errors, with what the ingredients are worth where that was asked for. */
export const withAblation = (text: string, rows: readonly AblationRow[] | null): string =>
  rows === null ? text : `${text}\n\n${ablationText(rows)}`;
