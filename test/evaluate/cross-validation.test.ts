import t from 'tap';
import { InterruptedError } from '#src/base/errors.js';
import type { PredictionRow } from '#src/base/tables.js';
import { kFold } from '#src/evaluate/folds.js';
import { replicatesOf } from '#src/evaluate/replicates.js';
import { crossValidate } from '#src/evaluate/rmse.js';
import { configurationTable, overallTable } from '#src/evaluate/summaries.js';
import { madeUpTable, prediction, quick } from './made-up.js';

t.test('tables worked by hand', async (t) => {
  const predictions = [
    prediction('vgg16', 8, 'SSD', [10, 11, 12]),
    prediction('resnet50', 16, 'SSD', [10, 13, 14]),
    { ...prediction('resnet50', 8, 'SSD', [10, 7, 14]), pred_mean_ms: 8, pred_roofline_ms: 5 },
    prediction('resnet50', 8, 'NVME', [10, 10, 10]),
    prediction('resnet50', null, null, [10, 14, 10]),
  ];
  const [orion, prenet] = [Math.sqrt(34 / 4), Math.sqrt(8)];
  t.match(overallTable(predictions), [
    {
      model: 'resnet50',
      RMSE_ORION_ms: orion,
      RMSE_PreNeT_ms: prenet,
      'Improvement_%': (100 * (prenet - orion)) / prenet,
      n_samples: 4,
      RMSE_mean_ms: Number.NaN,
    },
  ]);
  const configuration = (model: string, vcpu: number, storage: string, [ours, theirs, better]: number[]) => ({
    model,
    vcpu,
    storage,
    RMSE_ORION_ms: ours,
    RMSE_PreNeT_ms: theirs,
    'Improvement_ORION_vs_PreNeT_%': better,
  });
  t.match(configurationTable(predictions), [
    configuration('resnet50', 8, 'NVME', [0, 0, 0]),
    { ...configuration('resnet50', 8, 'SSD', [3, 4, 25]), RMSE_mean_ms: 2, RMSE_roofline_ms: 5 },
    configuration('resnet50', 16, 'SSD', [3, 4, 25]),
    configuration('vgg16', 8, 'SSD', [1, 2, 50]),
  ]);
});

const fittedMs = ({ pred_orion_ms, pred_prenet_ms, pred_mean_ms }: PredictionRow) => [
  pred_orion_ms,
  pred_prenet_ms,
  pred_mean_ms,
];

t.test("a row's own measured times do not enter its prediction", async (t) => {
  const table = madeUpTable(60);
  const fold = kFold(table.rows.length, 5, 42)[2]!;
  const distorted = structuredClone(table);
  for (const row of fold.heldOut) Object.assign(distorted.rows[row]!, { avg_batch_time_ms: 1e4, T_gpu_ms: 1e4 });
  const before = await crossValidate(table, 'cnn', { booster: quick });
  const after = await crossValidate(distorted, 'cnn', { booster: quick });
  const predicted = ({ predictions }: { predictions: PredictionRow[] }, rows: Uint32Array) =>
    Array.from(rows, (row) => fittedMs(predictions[row]!));
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
    recipes: ['orion', 'prenet'],
    onProgress: ({ done, total }) => steps.push(`${done}/${total}`),
  });
  t.same(steps, ['1/6', '2/6', '3/6', '4/6', '5/6', '6/6']);
  t.same(
    tables.predictions.map(({ record_id, actual_ms }) => [record_id, actual_ms]),
    table.rows.map((row, index) => [String(index + 1), row.avg_batch_time_ms]),
  );
  t.ok(tables.predictions.every((row) => row.pred_orion_ms > 0 && row.pred_prenet_ms > 0));
  t.ok(
    tables.predictions.every((row) => Number.isNaN(row.pred_mean_ms)),
    'not asked for',
  );
  await t.rejects(crossValidate(table, 'mlp', { ...options, signal: AbortSignal.abort() }), InterruptedError);
});

t.test('predictions do not depend on how many fits run side by side', async (t) => {
  const table = madeUpTable(60);
  const [one, three] = await Promise.all(
    [1, 3].map((threads) => crossValidate(table, 'cnn', { booster: { ...quick, threads } })),
  );
  t.same(one, three);
});

t.test('the mean is that of the training rows; the roofline is the longer of both bounds', async (t) => {
  const table = madeUpTable(30);
  const columns = [...table.columns, 'FP32', 'FP16', 'GPU Memory Bandwidth (GB/s)', 'act_bytes_per_sample_proxy'];
  const hardware = { FP32: 30_000, FP16: 120_000, 'GPU Memory Bandwidth (GB/s)': 300 };
  const rows = table.rows.map((row) => ({ ...row, ...hardware, act_bytes_per_sample_proxy: 1e6 }));
  const { predictions } = await crossValidate({ ...table, columns, rows }, 'cnn', { recipes: ['mean', 'roofline'] });
  const others = predictions.filter(({ fold }) => fold !== predictions[0]!.fold);
  const mean = others.reduce((sum, { actual_ms }) => sum + actual_ms, 0) / others.length;
  t.ok(Math.abs(predictions[0]!.pred_mean_ms! / mean - 1) < 1e-12);
  // row 0: 32 samples of 1 GFLOP and 1 MB: 1.067 ms at 30 TFLOP/s, 0.107 ms at 300 GB/s
  t.ok(Math.abs(predictions[0]!.pred_roofline_ms! - 32 / 30) < 1e-9);
});

t.test('rows that differ only in learning rate or optimizer', async (t) => {
  const table = madeUpTable(24);
  const { groupOf, groups } = replicatesOf(table, 'cnn');
  t.equal(groups, 12, 'two learning rates of each configuration');
  t.same(
    [...groupOf],
    [...Array(24).keys()].map((row) => row % 12),
  );

  const { predictions } = await crossValidate(table, 'cnn', { booster: quick, foldsBy: 'group' });
  t.ok(
    predictions.every(({ fold }, row) => fold === predictions[row % 12]!.fold),
    'held out together',
  );
  t.equal(new Set(predictions.map(({ fold }) => fold)).size, 5);
});

t.test('metrics of each recipe over everything, each model and each configuration', async (t) => {
  const { metrics, overall, configurations } = await crossValidate(madeUpTable(60), 'cnn', { booster: quick });
  t.equal(metrics.length, 5 * (1 + overall.length + configurations.length));
  const everything = metrics.find(({ table, recipe }) => table === 'all' && recipe === 'orion')!;
  t.match(everything, { n_samples: 60, n_groups: 12, GPU: null, model: null });
  for (const row of metrics.filter(({ table, recipe }) => table === 'overall' && recipe === 'prenet')) {
    t.equal(row.RMSE_ms, overall.find(({ model }) => model === row.model)!.RMSE_PreNeT_ms);
    t.ok(row.RMSE_low_ms <= row.RMSE_ms && row.RMSE_ms <= row.RMSE_high_ms);
  }
});
