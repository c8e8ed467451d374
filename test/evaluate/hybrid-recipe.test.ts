import t from 'tap';
import type { Row } from '#src/base/columns.js';
import { kFold } from '#src/evaluate/folds.js';
import { predictHeldOut } from '#src/evaluate/held-out.js';
import { possibleRecipes } from '#src/evaluate/recipe-needs.js';
import { predictionColumns } from '#src/evaluate/table-columns.js';
import type { RecordTable } from '#src/records/read.js';
import { cards, rowsOf } from '../support/predictor-world.js';

function tableOf(rows: Row[]): RecordTable {
  return { columns: Object.keys(rows[0]!), rows, files: ['made up'], ignored: 0, emulated: 0 };
}

t.test('hybrid and physics are recipes of an evaluation, with an interval beside hybrid', async (t) => {
  const rows = cards.flatMap((card) => rowsOf(card, 12, { noise: 0.05 }));
  const folds = kFold(rows.length, 3, 42);
  const { predictions } = await predictHeldOut(tableOf(rows), 'cnn', folds, { recipes: ['hybrid', 'physics'] });
  t.equal(predictions.length, rows.length);
  for (const { actual_ms, ...row } of predictions) {
    t.ok(Math.abs(row.pred_hybrid_ms! / actual_ms - 1) < 0.25, `${row.pred_hybrid_ms} for ${actual_ms}`);
    t.ok(row.pred_hybrid_low_ms! < row.pred_hybrid_ms! && row.pred_hybrid_ms! < row.pred_hybrid_high_ms!);
    t.ok(row.pred_physics_ms! > 0);
    t.ok(Number.isNaN(row.pred_orion_ms), 'nobody asked for ORION');
  }
  t.same(predictionColumns(['hybrid']).slice(-3), ['pred_hybrid_ms', 'pred_hybrid_low_ms', 'pred_hybrid_high_ms']);
});

t.test(
  'rows that cannot be fitted leave the recipe out, with the reason; too few to learn from give no prediction',
  async (t) => {
    const rows = cards.flatMap((card) => rowsOf(card, 4));
    const asked = ['mean', 'hybrid'] as const;
    t.same(possibleRecipes(tableOf(rows), asked, false), { possible: [...asked], leftOut: [] });
    const damaged = rows.map((row, i): Row => (i === 6 ? { ...row, FP32: null } : row));
    t.same(possibleRecipes(tableOf(damaged), asked, false), {
      possible: ['mean'],
      leftOut: [
        {
          recipe: 'hybrid',
          reason:
            "Record 7: the hardware column 'FP32' of 'two' must be a positive number, not ''; correct the row or leave it out",
        },
      ],
    });
    t.throws(() => possibleRecipes(tableOf(damaged), ['physics'], false), /nothing can predict these records, neither/);
    const fold = { name: 'all but two', training: Uint32Array.of(0, 1), heldOut: Uint32Array.of(2, 3) };
    const { predictions } = await predictHeldOut(tableOf(rows), 'cnn', [fold], { recipes: ['hybrid'] });
    t.same(
      predictions.map(({ pred_hybrid_ms }) => pred_hybrid_ms),
      [Number.NaN, Number.NaN],
    );
  },
);

t.test('shuffling the targets of held-out rows changes no prediction', async (t) => {
  const rows = cards.flatMap((card) => rowsOf(card, 8, { noise: 0.1 }));
  const [fold] = kFold(rows.length, 4, 1);
  const predict = async (table: RecordTable) => {
    const { predictions } = await predictHeldOut(table, 'cnn', [fold!], { recipes: ['hybrid', 'physics'] });
    return predictions.map(({ actual_ms: _measured, ...prediction }) => prediction);
  };
  const expected = await predict(tableOf(rows));
  const turned = rows.map((row) => ({ ...row }));
  for (const [i, row] of fold!.heldOut.entries()) {
    const other = rows[fold!.heldOut[(i + 3) % fold!.heldOut.length]!]!;
    turned[row]!.avg_batch_time_ms = other.avg_batch_time_ms!;
    turned[row]!.T_gpu_ms = other.T_gpu_ms!;
  }
  t.same(await predict(tableOf(turned)), expected);
});
