import path from 'node:path';
import t, { type Test } from 'tap';
import type { Row } from '#src/base/columns.js';
import { MersenneTwister } from '#src/base/random.js';
import { kFold } from '#src/evaluate/folds.js';
import { rmse } from '#src/evaluate/metrics.js';
import { calibrate } from '#src/model/hybrid/calibrate.js';
import { fitHybrid } from '#src/model/hybrid/fit.js';
import type { HybridModel } from '#src/model/hybrid/model.js';
import { predictHybrid } from '#src/model/hybrid/predict.js';
import { readCatalogue } from '#src/records/catalogue.js';
import { withDataSheets } from '#src/records/data-sheet.js';
import { readRecords } from '#src/records/read.js';
import { sharedFolder } from '../support/shared.js';

const { folder, skip } = sharedFolder('data');

async function records(file: string): Promise<Row[]> {
  const { rows } = await readRecords([path.join(folder!, file)], { required: [] });
  return withDataSheets(rows, readCatalogue());
}

interface Pair {
  measured: number;
  predicted: number;
  inside: boolean;
}

type Split = { training: ArrayLike<number>; heldOut: ArrayLike<number> };

/** What models of the other rows make of the held-out ones. */
function predictHeldOut(rows: readonly Row[], splits: readonly Split[]): Pair[] {
  return splits.flatMap(({ training, heldOut }) => pairsOf(fitHybrid(at(rows, training)), at(rows, heldOut)));
}

const at = (rows: readonly Row[], indexes: ArrayLike<number>): Row[] => Array.from(indexes, (i) => rows[i]!);

function pairsOf(model: HybridModel, rows: readonly Row[]): Pair[] {
  return predictHybrid(model, rows).map(({ ms, lowMs, highMs }, i) => {
    const measured = Number(rows[i]!.avg_batch_time_ms);
    return { measured, predicted: ms, inside: lowMs! <= measured && measured <= highMs! };
  });
}

function leaveOut(rows: readonly Row[], column: string): Split[] {
  const names = [...new Set(rows.map((row) => row[column]))];
  const indexes = rows.map((_, i) => i);
  const random = new MersenneTwister(1);
  return names.map((name) => ({
    training: indexes.filter((i) => rows[i]![column] !== name),
    // in a drawn order, so that the first of them are any
    heldOut: random.shuffle(Uint32Array.from(indexes.filter((i) => rows[i]![column] === name))),
  }));
}

/** The limits of the specification. */
function judge(t: Test, pairs: readonly Pair[], limits: { rmseMs: number; mapePercent: number }) {
  const error = rmse(
    pairs.map(({ measured }) => measured),
    pairs.map(({ predicted }) => predicted),
  );
  const mape =
    (100 / pairs.length) * pairs.reduce((sum, each) => sum + Math.abs(each.predicted / each.measured - 1), 0);
  const inside = (100 * pairs.filter((each) => each.inside).length) / pairs.length;
  t.comment(
    `${pairs.length} rows: RMSE ${error.toFixed(1)} ms, MAPE ${mape.toFixed(2)} %, ${inside.toFixed(1)} % inside`,
  );
  t.ok(error <= limits.rmseMs, `RMSE ${error}`);
  t.ok(mape <= limits.mapePercent, `MAPE ${mape}`);
  t.ok(inside >= 85 && inside <= 95, `${inside} % of the intervals hold`);
}

t.test('NeuSight training rows, each GPU family unseen', { skip }, async (t) => {
  const rows = (await records('Transformer_neusight.csv')).filter(({ mode }) => mode === 'train');
  t.equal(rows.length, 41);
  judge(t, predictHeldOut(rows, leaveOut(rows, 'gpu_arch')), { rmseMs: 220, mapePercent: 11 });
});

t.test('all NeuSight rows, each GPU family unseen', { skip }, async (t) => {
  const rows = await records('Transformer_neusight.csv');
  judge(t, predictHeldOut(rows, leaveOut(rows, 'gpu_arch')), { rmseMs: 265, mapePercent: 10 });
});

t.test('both files in one predictor: each kind of network as good as by itself', { skip }, async (t) => {
  const profet = (await records('CNN_profet.csv')).filter((_, i) => i % 2 === 0);
  const rows = [...(await records('Transformer_neusight.csv')), ...profet];
  const pairs = leaveOut(rows, 'gpu_arch').flatMap(({ training, heldOut }) => {
    const others = at(rows, heldOut);
    return pairsOf(fitHybrid(at(rows, training)), others).map((pair, i) => ({
      ...pair,
      kind: others[i]!.architecture,
    }));
  });
  const of = (kind: string) => pairs.filter((pair) => pair.kind === kind);
  judge(t, of('Transformer'), { rmseMs: 265, mapePercent: 10 });
  judge(t, of('CNN'), { rmseMs: 350, mapePercent: 33 });
});

t.test('networks that no row has: the limits of intervals hold there too', { skip }, async (t) => {
  const rows = await records('Transformer_neusight.csv');
  const pairs = predictHeldOut(rows, leaveOut(rows, 'model'));
  const inside = pairs.filter((pair) => pair.inside).length / pairs.length;
  t.ok(inside >= 0.85, `${inside} of the intervals hold`);
});

t.test('PROFET, each GPU unseen, with and without ten rows of it', { skip }, async (t) => {
  const rows = await records('CNN_profet.csv');
  const unseen: Pair[] = [];
  const calibrated: Pair[] = [];
  for (const { training, heldOut } of leaveOut(rows, 'gpu_name')) {
    const model = fitHybrid(at(rows, training));
    const others = at(rows, heldOut);
    unseen.push(...pairsOf(model, others));
    calibrated.push(...pairsOf(calibrate(model, others.slice(0, 10)), others.slice(10)));
  }
  judge(t, unseen, { rmseMs: 350, mapePercent: 33 });
  judge(t, calibrated, { rmseMs: 350, mapePercent: 15 });
});

t.test('PROFET, the first two of five folds', { skip }, async (t) => {
  const rows = await records('CNN_profet.csv');
  judge(t, predictHeldOut(rows, kFold(rows.length, 5, 42).slice(0, 2)), { rmseMs: 120, mapePercent: 5 });
});
