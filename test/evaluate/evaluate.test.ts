import { readFile } from 'node:fs/promises';
import path from 'node:path';
import t from 'tap';
import { type Family, familyLabel, type Row } from '#src/base/columns.js';
import { InterruptedError } from '#src/base/errors.js';
import { MersenneTwister } from '#src/base/random.js';
import type { PredictionRow } from '#src/base/tables.js';
import { kFold } from '#src/evaluate/folds.js';
import { requiredColumns } from '#src/evaluate/held-out.js';
import { leaveOneGpuOut } from '#src/evaluate/leave-one-gpu-out.js';
import { improvementPercent, rmse } from '#src/evaluate/metrics.js';
import { crossValidate } from '#src/evaluate/rmse.js';
import { configurationTable, overallTable } from '#src/evaluate/summaries.js';
import { parseBoosterOptions } from '#src/model/booster-options.js';
import { type RecordTable, readRecords } from '#src/records/read.js';
import { pythonWith, runPython } from '../support/python.js';
import { sharedFolder } from '../support/shared.js';

const sklearn = pythonWith('sklearn');
t.test('folds are those of scikit-learn, index by index', { skip: sklearn.skip }, async (t) => {
  const script = `
import json, sys
from sklearn.model_selection import KFold
out = []
for n, k, seed in json.load(sys.stdin):
    out.append([[a.tolist(), b.tolist()] for a, b in KFold(k, shuffle=True, random_state=seed).split(list(range(n)))])
print(json.dumps(out))`;
  const cases = [
    [10, 5, 42],
    [11, 5, 42],
    [97, 5, 42],
    [97, 3, 0],
    [1000, 5, 42],
    [5000, 5, 42],
    [5, 5, 4294967295],
  ] as const;
  const expected = JSON.parse(runPython(sklearn.python!, script, [], JSON.stringify(cases))) as number[][][][];
  for (const [index, [rows, folds, seed]] of cases.entries()) {
    const ours = kFold(rows, folds, seed).map(({ training, heldOut }) => [[...training], [...heldOut]]);
    t.same(ours, expected[index], `${rows} rows, ${folds} folds, seed ${seed}`);
  }
});

t.test('too few rows or folds are refused', async (t) => {
  t.throws(() => kFold(4, 5, 42), { name: 'InputError', message: /^4 records are too few for 5 folds/ });
  t.throws(() => kFold(10, 1, 42), { name: 'InputError', message: /^1 folds were asked for/ });
});

const prediction = (
  model: string,
  vcpu: number | null,
  storage: string | null,
  [actual, orion, prenet]: [number, number, number],
): PredictionRow => ({
  record_id: '1',
  gpu_name: 'NVIDIA L4',
  model,
  dataset: 'CIFAR10',
  batch_size: 32,
  vcpu,
  storage,
  fold: 0,
  actual_ms: actual,
  pred_orion_ms: orion,
  pred_prenet_ms: prenet,
});

t.test('metrics and tables worked by hand', async (t) => {
  t.equal(rmse([1, 2, 3], [1, 4, 5]), Math.sqrt(8 / 3));
  t.equal(improvementPercent(3, 4), 25);
  t.equal(improvementPercent(5, 4), -25);
  t.equal(improvementPercent(0, 0), 0);
  t.throws(() => rmse([], []), RangeError);
  t.throws(() => rmse([1], [1, 2]), RangeError);

  const predictions = [
    prediction('vgg16', 8, 'SSD', [10, 11, 12]),
    prediction('resnet50', 16, 'SSD', [10, 13, 14]),
    prediction('resnet50', 8, 'SSD', [10, 7, 14]),
    prediction('resnet50', 8, 'NVME', [10, 10, 10]),
    prediction('resnet50', null, null, [10, 14, 10]),
  ];
  const [orion, prenet] = [Math.sqrt(34 / 4), Math.sqrt(8)];
  t.same(overallTable(predictions), [
    {
      model: 'resnet50',
      RMSE_ORION_ms: orion,
      RMSE_PreNeT_ms: prenet,
      'Improvement_%': (100 * (prenet - orion)) / prenet,
    },
  ]);
  const configuration = (
    model: string,
    vcpu: number,
    storage: string,
    ours: number,
    theirs: number,
    better: number,
  ) => ({
    model,
    vcpu,
    storage,
    RMSE_ORION_ms: ours,
    RMSE_PreNeT_ms: theirs,
    'Improvement_ORION_vs_PreNeT_%': better,
  });
  t.same(configurationTable(predictions), [
    configuration('resnet50', 8, 'NVME', 0, 0, 0),
    configuration('resnet50', 8, 'SSD', 3, 4, 25),
    configuration('resnet50', 16, 'SSD', 3, 4, 25),
    configuration('vgg16', 8, 'SSD', 1, 2, 50),
  ]);
});

/** Records of two models on two GPUs with times that follow the work, and noise. */
function madeUpTable(rows: number): RecordTable {
  const random = new MersenneTwister(3);
  const made = Array.from({ length: rows }, (_, row): Row => {
    const batch = [32, 64, 128][row % 3]!;
    const flops = batch * (row % 2 === 0 ? 1e9 : 4e9);
    const gpuTime = flops / 1e10 + random.float64();
    return {
      model: row % 2 === 0 ? 'resnet50' : 'vgg16',
      gpu_name: row % 4 < 2 ? 'NVIDIA L4' : 'NVIDIA A100 80GB PCIe',
      batch_size: batch,
      flops_train_per_batch: flops,
      vcpu: [4, 8][row % 2]!,
      storage: 'SSD',
      T_gpu_ms: gpuTime,
      avg_batch_time_ms: gpuTime + random.float64(),
    };
  });
  return { columns: Object.keys(made[0]!), rows: made, files: [], ignored: 0, emulated: 0 };
}

const quick = parseBoosterOptions('n_estimators=20,max_depth=4');

t.test("a row's own measured times do not enter its prediction", async (t) => {
  const table = madeUpTable(60);
  const fold = kFold(table.rows.length, 5, 42)[2]!;
  const distorted = structuredClone(table);
  for (const row of fold.heldOut) Object.assign(distorted.rows[row]!, { avg_batch_time_ms: 1e4, T_gpu_ms: 1e4 });
  const before = await crossValidate(table, 'cnn', { booster: quick });
  const after = await crossValidate(distorted, 'cnn', { booster: quick });
  const predicted = ({ predictions }: { predictions: PredictionRow[] }, rows: Uint32Array) =>
    Array.from(rows, (row) => [predictions[row]!.pred_orion_ms, predictions[row]!.pred_prenet_ms]);
  t.same(predicted(after, fold.heldOut), predicted(before, fold.heldOut), 'held out with the distorted times');
  t.notSame(predicted(after, fold.training), predicted(before, fold.training), 'trained on them');
  t.same(
    after.predictions.filter(({ fold: name }) => name === 2).map(({ actual_ms }) => actual_ms),
    Array.from(fold.heldOut, () => 1e4),
  );
});

t.test('every row is predicted once, in file order; progress counts fits; an abort stops', async (t) => {
  const table = madeUpTable(40);
  const steps: string[] = [];
  const options = { booster: quick, folds: 3, seed: 1 };
  const tables = await crossValidate(table, 'mlp', {
    ...options,
    onProgress: ({ done, total }) => steps.push(`${done}/${total}`),
  });
  t.same(steps, ['1/6', '2/6', '3/6', '4/6', '5/6', '6/6']);
  t.same(
    tables.predictions.map(({ record_id, actual_ms }) => [record_id, actual_ms]),
    table.rows.map((row, index) => [String(index + 1), row.avg_batch_time_ms]),
  );
  t.ok(tables.predictions.every((row) => row.pred_orion_ms > 0 && row.pred_prenet_ms > 0));
  await t.rejects(crossValidate(table, 'mlp', { ...options, signal: AbortSignal.abort() }), InterruptedError);
});

t.test('leaving one GPU out: each GPU is predicted by the others alone', async (t) => {
  const table = madeUpTable(40);
  const rare: Row = { ...table.rows[0]!, gpu_name: 'NVIDIA T4' };
  const tables = await leaveOneGpuOut({ ...table, rows: [...table.rows, rare] }, 'cnn', { booster: quick });
  t.same(tables.summary.map(({ GPU, n_samples }) => [GPU, n_samples]).sort(), [
    ['NVIDIA A100 80GB PCIe', 20],
    ['NVIDIA L4', 20],
  ]);
  t.ok(tables.summary[0]!.RMSE_ORION_ms <= tables.summary[1]!.RMSE_ORION_ms, 'smallest error first');
  t.equal(tables.predictions.length, 40, 'a GPU with one row is only learnt from');
  t.ok(tables.predictions.every((row) => row.fold === row.gpu_name));

  const distorted = structuredClone(table.rows);
  for (const row of distorted)
    if (row.gpu_name === 'NVIDIA L4') Object.assign(row, { avg_batch_time_ms: 1e4, T_gpu_ms: 1e4 });
  const after = await leaveOneGpuOut({ ...table, rows: [...distorted, rare] }, 'cnn', { booster: quick });
  const ofL4 = (rows: PredictionRow[]) =>
    rows.filter((row) => row.gpu_name === 'NVIDIA L4').map((row) => [row.pred_orion_ms, row.pred_prenet_ms]);
  t.same(ofL4(after.predictions), ofL4(tables.predictions));

  const rows = tables.predictions.filter((row) => row.gpu_name === 'NVIDIA L4' && row.vcpu === 4);
  const average = (pick: (row: PredictionRow) => number) => rows.reduce((sum, row) => sum + pick(row), 0) / rows.length;
  const [actual, orion] = [average((row) => row.actual_ms), average((row) => row.pred_orion_ms)];
  const group = tables.vcpu.find((row) => row.GPU === 'NVIDIA L4' && row.vcpu === 4)!;
  t.match(group, { model: 'resnet50', n_samples: 10, Actual_ms_mean: actual, Pred_ORION_ms_mean: orion });
  t.ok(Math.abs(group.ORION_pct_error - 100 * (orion / actual - 1)) < 1e-9, 'signed percentage of the means');
  t.same([tables.vcpu.length, tables.storage.length, tables.batch.length], [4, 4, 12]);
});

t.test('leaving one GPU out needs a second GPU', async (t) => {
  const table = madeUpTable(12);
  const alone = { ...table, rows: table.rows.map((row) => ({ ...row, gpu_name: 'CPU' })) };
  await t.rejects(leaveOneGpuOut(alone, 'cnn'), { name: 'InputError', message: /^The records are of 1 GPU/ });
  const scarce = { ...table, rows: table.rows.slice(0, 4) };
  await t.rejects(leaveOneGpuOut(scarce, 'cnn'), { name: 'InputError', message: /^No GPU has 3 records or more/ });
});

const parity = sharedFolder('parity');
const parityTable = (family: Family): Promise<RecordTable> =>
  readRecords([path.join(parity.folder!, `${familyLabel[family]}.csv`)], { family, required: requiredColumns });

interface ReferenceRow {
  model: string;
  vcpu?: string;
  storage?: string;
  RMSE_ORION_ms: string;
  RMSE_PreNeT_ms: string;
}

async function referenceTable(name: string): Promise<ReferenceRow[]> {
  const [header = '', ...lines] = (await readFile(path.join(parity.folder!, 'pub', name), 'utf8'))
    .trim()
    .split(/\r?\n/);
  const names = header.split(',');
  return lines.map(
    (line) => Object.fromEntries(line.split(',').map((cell, i) => [names[i]!, cell])) as unknown as ReferenceRow,
  );
}

/** Deviations of our RMSE from the reference's, %, sorted; NaN if the rows are not the same ones. */
function deviations(
  ours: readonly { model: string; vcpu?: number; storage?: string; RMSE_ORION_ms: number; RMSE_PreNeT_ms: number }[],
  reference: readonly ReferenceRow[],
  column: 'RMSE_ORION_ms' | 'RMSE_PreNeT_ms',
): number[] {
  const keyOf = (row: { model: string; vcpu?: number | string; storage?: string }) =>
    [row.model, row.vcpu ?? '', row.storage ?? ''].join();
  return reference
    .map((row) => {
      const own = ours.find((each) => keyOf(each) === keyOf(row));
      return own ? Math.abs(own[column] / Number(row[column]) - 1) * 100 : Number.NaN;
    })
    .sort((a, b) => a - b);
}

// The published model as it is, with its row and column subsampling: 10 fits of 800 trees.
t.test('RMSE equals that of the original programs', { skip: parity.skip, timeout: 280_000 }, async (t) => {
  const family: Family = 'cnn';
  const label = familyLabel[family];
  const tables = await crossValidate(await parityTable(family), family);
  const pairs = [
    [tables.configurations, await referenceTable(`rmse_${label}.csv`)],
    [tables.overall, await referenceTable(`rmse_${label}_overall.csv`)],
  ] as const;
  for (const [ours, reference] of pairs) {
    t.equal(ours.length, reference.length);
    for (const column of ['RMSE_ORION_ms', 'RMSE_PreNeT_ms'] as const) {
      const sorted = deviations(ours, reference, column);
      const [median, worst] = [sorted[sorted.length >> 1]!, sorted.at(-1)!];
      t.comment(
        `${label}, ${reference.length} groups, ${column}: median ${median.toFixed(3)} %, worst ${worst.toFixed(3)} %`,
      );
      t.ok(median < 0.1, `${column}: median deviation ${median} %`);
      t.ok(worst < 1, `${column}: worst deviation ${worst} %`);
    }
  }
});
