import type { EvaluatedFamily } from '../base/columns.js';
import { InputError } from '../base/errors.js';
import { defaultRecipeNames } from '../base/recipe-names.js';
import { type Holdout, holdoutNames, type MetricsRow, type UnseenTables } from '../base/tables.js';
import type { RecordTable } from '../records/read.js';
import { type Fold, foldsOf } from './folds.js';
import { groupBy } from './grouping.js';
import { type EvaluationOptions, predictHeldOut } from './held-out.js';
import { type Grouping, metricsTable } from './metrics-table.js';
import { replicatesOf } from './replicates.js';
import { unseenBreakdown, unseenSummary } from './unseen-tables.js';

export interface LeaveOneOutOptions extends EvaluationOptions {
  /** Default gpu. */
  holdout?: Holdout;
  /** Of the intervals; default 42. */
  seed?: number;
}

interface HeldOut {
  /** Whose values are left out one after the other. */
  column: string;
  /** What to call several of them. */
  many: string;
  /** What to call one of them; itself by default. */
  nameOf?: (value: string) => string;
}

/** Folds that are numbers are those of a cross-validation. */
const workersName = (count: string): string => `${count} ${count === '1' ? 'worker' : 'workers'}`;

const heldOutBy: Record<Holdout, HeldOut> = {
  gpu: { column: 'gpu_name', many: 'GPUs' },
  family: { column: 'gpu_arch', many: 'GPU families' },
  model: { column: 'model', many: 'models' },
  vcpu: { column: 'vcpu', many: 'numbers of workers', nameOf: workersName },
  storage: { column: 'storage', many: 'storage modes' },
};
const smallestGroup = 3;

/** A split per value with at least three rows, in name order. Throws InputError where there is nothing else to learn from. */
export function leaveOneOutFolds({ rows }: RecordTable, holdout: Holdout): Fold[] {
  const { column, many, nameOf = String } = heldOutBy[holdout];
  const one = holdoutNames[holdout];
  const named = rows.map((row, index) => {
    const name = row[column] ?? '';
    if (name !== '') return { name: nameOf(String(name)), index };
    throw new InputError(
      `Record ${index + 1} has no ${column} (its GPU is '${row.gpu_name ?? ''}'), so it belongs to no ${one}: ` +
        `add this column to the file.`,
    );
  });
  const groups = groupBy(named, ({ name }) => [name] as const);
  if (groups.length < 2) {
    throw new InputError(
      `The records are of one ${one} (${groups[0]?.key[0]}): leaving one out needs at least two; add files of other ${many}.`,
    );
  }
  const large = groups.filter(({ entries }) => entries.length >= smallestGroup);
  if (large.length === 0) {
    throw new InputError(`No ${one} has ${smallestGroup} records or more: measure more trials per ${one}.`);
  }
  const onlyLearnt = large.length;
  const foldOf = new Uint32Array(rows.length).fill(onlyLearnt);
  for (const [fold, { entries }] of large.entries()) for (const { index } of entries) foldOf[index] = fold;
  return foldsOf(
    large.map(({ key: [name] }) => name),
    foldOf,
  );
}

const groupings: readonly Grouping[] = [
  { table: 'summary', keyOf: ({ fold }) => ({ GPU: String(fold) }) },
  ...(['vcpu', 'storage', 'batch_size'] as const).map(
    (column): Grouping => ({
      table: column === 'batch_size' ? 'batch' : column,
      keyOf: (row) => (row[column] === null ? null : { GPU: row.gpu_name, model: row.model, [column]: row[column] }),
    }),
  ),
];

/**
 * Predicts each GPU (or whatever else is held out) with what was learnt from all the others (`orion.md` section 3,
 * unseen GPU). Those with fewer than three rows are only learnt from. Errors as `crossValidate`, and InputError where
 * there is but one.
 */
export async function leaveOneOut(
  table: RecordTable,
  family: EvaluatedFamily,
  { holdout = 'gpu', seed = 42, ...options }: LeaveOneOutOptions = {},
): Promise<UnseenTables & { metrics: MetricsRow[] }> {
  const folds = leaveOneOutFolds(table, holdout);
  const heldOut = await predictHeldOut(table, family, folds, options);
  const { predictions } = heldOut;
  return {
    family,
    holdout,
    summary: unseenSummary(predictions, holdout),
    vcpu: unseenBreakdown(predictions, 'vcpu'),
    storage: unseenBreakdown(predictions, 'storage'),
    batch: unseenBreakdown(predictions, 'batch_size'),
    predictions,
    metrics: metricsTable(heldOut, replicatesOf(table, family), groupings, options.recipes ?? defaultRecipeNames, seed),
  };
}
