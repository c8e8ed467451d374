import path from 'node:path';
import t from 'tap';
import { type Family, families, familyLabel } from '#src/base/columns.js';
import { median } from '#src/base/statistics.js';
import type { PredictionRow } from '#src/base/tables.js';
import { type Fold, kFold } from '#src/evaluate/folds.js';
import { predictionRow, requiredColumns } from '#src/evaluate/held-out.js';
import { leaveOneOut } from '#src/evaluate/leave-one-out.js';
import { crossValidate } from '#src/evaluate/rmse.js';
import { configurationTable, overallTable } from '#src/evaluate/summaries.js';
import { recipes as recipesByName } from '#src/features/recipes.js';
import { numericColumn } from '#src/features/source.js';
import { parseBoosterOptions } from '#src/model/booster-options.js';
import { fitModel, predictRows } from '#src/model/fit.js';
import { type RecordTable, readRecords } from '#src/records/read.js';
import { sharedFolder } from '../support/shared.js';

const { folder, skip } = sharedFolder('parity');
const recipes = ['orion', 'prenet'] as const;

/** PreNeT's columns of the MLPs' folds still had the host features, by a slip of the original: see the last test. */
const recipesOverFolds = (family: Family) => (family === 'mlp' ? (['orion'] as const) : recipes);

const recordsOf = (family: Family): Promise<RecordTable> =>
  readRecords([path.join(folder!, `${familyLabel[family]}.csv`)], { family, required: requiredColumns });

type TableRow = { RMSE_ORION_ms: number; RMSE_PreNeT_ms: number } & { [key: string]: unknown };

/** A table of ours, and the columns that tell its groups. */
interface Table {
  name: string;
  rows: readonly object[];
  keys: readonly string[];
}

interface Deviations {
  /** Of a group's RMSE from the original's, %. */
  medianPercent: number;
  worstPercent: number;
}

async function deviations(
  { name, rows, keys }: Table,
  kind: 'det' | 'pub',
  column: 'RMSE_ORION_ms' | 'RMSE_PreNeT_ms',
): Promise<Deviations> {
  const file = path.join(folder!, kind, `${name}.csv`);
  const expected = (await readRecords([file], { required: [], everything: true })).rows as unknown as TableRow[];
  const keyOf = (row: TableRow) => keys.map((key) => row[key]).join();
  const ours = new Map((rows as readonly TableRow[]).map((row) => [keyOf(row), row]));
  if (ours.size !== expected.length)
    throw new Error(`${name}: ${ours.size} groups, the original has ${expected.length}`);
  const percents = expected.map((row) => {
    const own = ours.get(keyOf(row));
    if (!own) throw new Error(`${name}: there is no group ${keyOf(row)}`);
    return Math.abs(own[column] / row[column] - 1) * 100;
  });
  return { medianPercent: median(percents), worstPercent: Math.max(...percents) };
}

const tablesOf = (label: string, overall: readonly object[], configurations: readonly object[]): [Table, Table] => [
  { name: `rmse_${label}_overall`, rows: overall, keys: ['model'] },
  { name: `rmse_${label}`, rows: configurations, keys: ['model', 'vcpu', 'storage'] },
];

async function foldTables(table: RecordTable, family: Family, booster: string): Promise<[Table, Table]> {
  const options = { booster: parseBoosterOptions(booster), recipes: recipesOverFolds(family) };
  const { overall, configurations } = await crossValidate(table, family, options);
  return tablesOf(familyLabel[family], overall, configurations);
}

async function unseenTables(table: RecordTable, family: Family, booster: string): Promise<Table[]> {
  const options = { booster: parseBoosterOptions(booster), recipes };
  const { summary, vcpu, storage, batch } = await leaveOneOut(table, family, options);
  const name = `logo_${familyLabel[family]}`;
  return [
    { name: `${name}_summary`, rows: summary, keys: ['GPU'] },
    { name: `${name}_vcpu`, rows: vcpu, keys: ['GPU', 'model', 'vcpu'] },
    { name: `${name}_storage`, rows: storage, keys: ['GPU', 'model', 'storage'] },
    { name: `${name}_batch`, rows: batch, keys: ['GPU', 'model', 'batch_size'] },
  ];
}

const columnsOf = ({ name }: Table) =>
  name.startsWith('rmse_MLP') ? (['RMSE_ORION_ms'] as const) : (['RMSE_ORION_ms', 'RMSE_PreNeT_ms'] as const);

const timeout = 280_000;

for (const family of families) {
  t.test(`${family}: without subsampling, the original's RMSE of every group`, { skip, timeout }, async (t) => {
    const table = await recordsOf(family);
    const booster = 'subsample=1,colsample_bytree=1,tree_method=exact';
    const tables = [...(await foldTables(table, family, booster)), ...(await unseenTables(table, family, booster))];
    for (const each of tables) {
      for (const column of columnsOf(each)) {
        const { medianPercent, worstPercent } = await deviations(each, 'det', column);
        const found = `${each.name}, ${column}: median ${medianPercent.toFixed(4)} %, worst ${worstPercent.toFixed(4)} %`;
        t.ok(medianPercent <= 0.5 && worstPercent <= 3, found);
      }
    }
  });

  t.test(`${family}: with the published parameters, near the original's RMSE`, { skip, timeout }, async (t) => {
    const [overall, configurations] = await foldTables(await recordsOf(family), family, '');
    for (const column of columnsOf(overall)) {
      const { worstPercent } = await deviations(overall, 'pub', column);
      t.ok(worstPercent <= 5, `${overall.name}, ${column}: worst ${worstPercent.toFixed(4)} %`);
    }
    for (const column of columnsOf(configurations)) {
      const { medianPercent } = await deviations(configurations, 'pub', column);
      t.ok(medianPercent <= 4, `${configurations.name}, ${column}: median ${medianPercent.toFixed(4)} %`);
    }
  });
}

/** Held-out predictions of PreNeT's target from ORION's features, which the original's MLP program took. */
async function predictedWithHost(table: RecordTable): Promise<PredictionRow[]> {
  const matrix = recipesByName.orion.matrix({ family: 'mlp', ...table });
  const computeMs = numericColumn(table.rows, 'T_gpu_ms')!;
  const options = parseBoosterOptions('subsample=1,colsample_bytree=1,n_jobs=1');
  const predictFold = async ({ name, training, heldOut }: Fold): Promise<PredictionRow[]> => {
    const predictedMs = predictRows(await fitModel(matrix, computeMs, training, options), matrix, heldOut);
    return Array.from(heldOut, (row, index) => {
      const made = predictionRow(table, row, name);
      return { ...made, pred_orion_ms: made.actual_ms, pred_prenet_ms: predictedMs[index]! };
    });
  };
  return (await Promise.all(kFold(table.rows.length, 5, 42).map(predictFold))).flat();
}

t.test('mlp: with the host features, PreNeT over the folds too', { skip, timeout }, async (t) => {
  const predictions = await predictedWithHost(await recordsOf('mlp'));
  for (const each of tablesOf('MLP', overallTable(predictions), configurationTable(predictions))) {
    const { worstPercent } = await deviations(each, 'det', 'RMSE_PreNeT_ms');
    t.ok(worstPercent <= 3, `${each.name}: worst ${worstPercent.toFixed(4)} %`);
  }
});
