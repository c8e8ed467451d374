import t from 'tap';
import type { Row } from '#src/base/columns.js';
import type { PredictionRow } from '#src/base/tables.js';
import { leaveOneOut } from '#src/evaluate/leave-one-out.js';
import { madeUpTable, quick } from './made-up.js';

t.test('each GPU is predicted by the others alone', async (t) => {
  const table = madeUpTable(40);
  const rare: Row = { ...table.rows[0]!, gpu_name: 'NVIDIA T4' };
  const tables = await leaveOneOut({ ...table, rows: [...table.rows, rare] }, 'cnn', { booster: quick });
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
  const after = await leaveOneOut({ ...table, rows: [...distorted, rare] }, 'cnn', { booster: quick });
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

t.test('a family of GPUs, or a model, is left out as a whole', async (t) => {
  const table = madeUpTable(40);
  const sibling = table.rows.map((row, index) => (index % 8 < 2 ? { ...row, gpu_name: 'NVIDIA L40S' } : row));
  const byFamily = await leaveOneOut({ ...table, rows: sibling }, 'cnn', { booster: quick, holdout: 'family' });
  t.same(byFamily.summary.map(({ GPU, holdout }) => [GPU, holdout]).sort(), [
    ['Ada Lovelace', 'family'],
    ['Ampere', 'family'],
  ]);
  t.same(new Set(byFamily.batch.map(({ GPU }) => GPU)).size, 3, 'the breakdowns are by GPU');
  const byModel = await leaveOneOut(table, 'cnn', { booster: quick, holdout: 'model' });
  t.same(byModel.summary.map(({ GPU }) => GPU).sort(), ['resnet50', 'vgg16']);
  t.ok(byModel.predictions.every(({ fold, model }) => fold === model));
  const byWorkers = await leaveOneOut(table, 'cnn', { booster: quick, holdout: 'vcpu' });
  t.same(byWorkers.summary.map(({ GPU }) => GPU).sort(), ['4 workers', '8 workers']);
  t.ok(byWorkers.predictions.every(({ fold, vcpu }) => fold === `${vcpu} workers`));
  const mixed = table.rows.map((row, index) => ({ ...row, storage: index % 3 === 0 ? 'NVME' : 'SSD' }));
  const byStorage = await leaveOneOut({ ...table, rows: mixed }, 'cnn', { booster: quick, holdout: 'storage' });
  t.same(byStorage.summary.map(({ GPU }) => GPU).sort(), ['NVME', 'SSD']);
  t.ok(byStorage.predictions.every(({ fold, storage }) => fold === storage));
});

t.test('what is left out needs something to learn from', async (t) => {
  const table = madeUpTable(12);
  const alone = { ...table, rows: table.rows.map((row) => ({ ...row, gpu_name: 'CPU' })) };
  await t.rejects(leaveOneOut(alone, 'cnn'), { name: 'InputError', message: /^The records are of one GPU \(CPU\)/ });
  const scarce = { ...table, rows: table.rows.slice(0, 4) };
  await t.rejects(leaveOneOut(scarce, 'cnn'), { name: 'InputError', message: /^No GPU has 3 records or more/ });
  await t.rejects(leaveOneOut(table, 'cnn', { holdout: 'storage' }), {
    name: 'InputError',
    message: /^The records are of one storage mode \(SSD\)/,
  });
  const unknown = { ...table, rows: table.rows.map((row) => ({ ...row, gpu_arch: null })) };
  await t.rejects(leaveOneOut(unknown, 'cnn', { holdout: 'family' }), {
    name: 'InputError',
    message: /^Record 1 has no gpu_arch \(its GPU is 'NVIDIA L4'\)/,
  });
});
