import t from 'tap';
import type { Row } from '#src/base/columns.js';
import { ablation } from '#src/evaluate/ablation.js';
import { foldsOf } from '#src/evaluate/folds.js';
import { leaveOneOutFolds } from '#src/evaluate/leave-one-out.js';
import { rmse } from '#src/evaluate/metrics.js';
import { fitHybrid } from '#src/model/hybrid/fit.js';
import { predictHybrid } from '#src/model/hybrid/predict.js';
import type { RecordTable } from '#src/records/read.js';
import { byClass, cards, rowsOf } from '../support/predictor-world.js';

const tableOf = (rows: Row[]): RecordTable => ({
  columns: Object.keys(rows[0]!),
  rows,
  files: ['made up'],
  ignored: 0,
  emulated: 0,
});

const networks = 6;
const mixes = Array.from({ length: networks }, (_, i) => ({
  matrix: i / (networks - 1),
  convolution: 1 - i / (networks - 1),
}));

t.test('what each ingredient is worth, on networks that were left out', async (t) => {
  const rows = cards.flatMap((card) =>
    rowsOf(card, 18).map((row, i) => byClass(row, `network ${i % networks}`, mixes[i % networks]!)),
  );
  const table = tableOf(rows);
  const folds = leaveOneOutFolds(table, 'model');
  const progress: number[] = [];
  const lines = await ablation(table, folds, { onProgress: ({ done, total }) => progress.push(done / total) });
  t.same(
    lines.map(({ left_out }) => left_out),
    [
      'nothing',
      'roofline',
      'classes',
      'vector',
      'refill',
      'launch',
      'idle',
      'iteration',
      'update',
      'power',
      'correction',
    ],
    'no row has a loader',
  );
  t.equal(progress.length, lines.length);
  t.equal(progress.at(-1), 1);

  const [whole, ...others] = lines;
  const predicted = folds.flatMap(({ training, heldOut }) => {
    const at = (indexes: ArrayLike<number>) => Array.from(indexes, (i) => rows[i]!);
    return predictHybrid(fitHybrid(at(training)), at(heldOut)).map(({ ms }) => ms);
  });
  const measured = folds.flatMap(({ heldOut }) => Array.from(heldOut, (i) => Number(rows[i]!.avg_batch_time_ms)));
  t.equal(whole!.RMSE_ms, rmse(measured, predicted), 'the first line is that of the whole predictor');
  t.equal(whole!.n_samples, rows.length);
  t.equal(whole!.n_intervals, rows.length);

  const errorWithout = Object.fromEntries(others.map((line) => [line.left_out, line['MAPE_%']]));
  // the made-up world has classes, launches and a fixed cost, and no idle multiprocessors
  t.ok(whole!['MAPE_%'] < 0.01, `${whole!['MAPE_%']}`);
  for (const worth of ['classes', 'launch', 'iteration']) t.ok(errorWithout[worth]! > 1, worth);
  t.ok(errorWithout.idle! < 0.01, 'idle');
});

t.test('the parts of a loader are ingredients where rows have one', async (t) => {
  const rows = cards.slice(0, 3).flatMap((card) =>
    rowsOf(card, 12).map((row, i): Row => {
      const workers = 2 ** (i % 3);
      const prepareMs = (1000 * Number(row.batch_size)) / (100 * workers);
      const stepMs = Number(row.T_gpu_ms);
      const loaded = { ...row, vcpu: workers, storage: 'NVME', decode_images_per_s_per_worker: 100 };
      return {
        ...loaded,
        avg_batch_time_ms: Math.max(stepMs, prepareMs),
        T_cpu_io_ms: Math.max(prepareMs - stepMs, 0),
      };
    }),
  );
  const fold = foldsOf(
    ['half'],
    rows.map((_, i) => i % 2),
  );
  const lines = await ablation(tableOf(rows), fold);
  const errorOf = (name: string) => lines.find(({ left_out }) => left_out === name)!['MAPE_%'];
  for (const worth of ['decode', 'loader']) t.ok(errorOf(worth) > 2 * errorOf('nothing'), worth);
  t.equal(errorOf('uncached fetch'), errorOf('nothing'), 'nothing is fetched here');
});

t.test('an evaluation that is interrupted says so', async (t) => {
  const table = tableOf(cards.flatMap((card) => rowsOf(card, 4)));
  const folds = leaveOneOutFolds(table, 'gpu');
  await t.rejects(ablation(table, folds, { signal: AbortSignal.abort() }), { name: 'InterruptedError' });
});
