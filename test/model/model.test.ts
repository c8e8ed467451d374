import t from 'tap';
import { MersenneTwister } from '#src/base/random.js';
import type { FeatureMatrix } from '#src/features/matrix.js';
import { defaultBoosterOptions, parseBoosterOptions } from '#src/model/booster-options.js';
import { fitModel, predictRows } from '#src/model/fit.js';
import { fitPreparation, prepareRows } from '#src/model/preparation.js';
import { pythonWith, runPython } from '../support/python.js';

/** Columns of many scales, with gaps, infinities, a constant and one without any value. */
function awkwardMatrix(rows: number): FeatureMatrix {
  const random = new MersenneTwister(7);
  const names = ['small', 'huge', 'gaps', 'infinite', 'constant', 'empty', 'binary'];
  const data = Float64Array.from({ length: rows * names.length }, (_, index) => {
    const draw = random.normal();
    const row = Math.floor(index / names.length);
    const value = [
      draw * 1e-9,
      1e12 + draw * 1e11,
      row % 3 === 0 ? Number.NaN : draw,
      row % 5 === 0 ? Number.POSITIVE_INFINITY : row % 7 === 0 ? Number.NEGATIVE_INFINITY : draw,
      0.1,
      Number.NaN,
      Number(draw > 0),
    ];
    return value[index % names.length]!;
  });
  return { names, data, rows };
}

const range = (from: number, to: number): Uint32Array => Uint32Array.from({ length: to - from }, (_, i) => from + i);

const sklearn = pythonWith('numpy', 'sklearn');
t.test('preparation equals SimpleImputer(median) and StandardScaler', { skip: sklearn.skip }, async (t) => {
  const matrix = awkwardMatrix(60);
  const script = `
import sys, json, numpy as np
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import StandardScaler
x = np.array([[float(v) for v in row] for row in json.load(sys.stdin)])
x[~np.isfinite(x)] = np.nan
imputer = SimpleImputer(strategy='median').fit(x[:40])
scaler = StandardScaler().fit(imputer.transform(x[:40]))
print(json.dumps(scaler.transform(imputer.transform(x)).ravel().tolist()))`;
  const width = matrix.names.length;
  const cells = Array.from({ length: matrix.rows }, (_, row) =>
    Array.from(matrix.data.subarray(row * width, (row + 1) * width), String),
  );
  const expected = JSON.parse(runPython(sklearn.python!, script, [], JSON.stringify(cells))) as number[];

  const preparation = fitPreparation(matrix, range(0, 40));
  const prepared = prepareRows(preparation, matrix, range(0, 60));
  t.same(
    preparation.columns.map(({ name }) => name),
    matrix.names.filter((name) => name !== 'empty'),
  );
  t.equal(prepared.length, expected.length);
  const worst = Math.max(...expected.map((value, i) => Math.abs(prepared[i]! - value) / Math.max(Math.abs(value), 1)));
  t.ok(worst < 1e-6, `within float32 rounding: ${worst}`);
});

t.test('preparation worked by hand, and held-out rows have no part in it', async (t) => {
  const matrix: FeatureMatrix = { names: ['x'], rows: 5, data: Float64Array.of(1, Number.NaN, 3, 8, 1e9) };
  const preparation = fitPreparation(matrix, [0, 1, 2, 3]);
  // 1, 3, 3, 8: mean 3.75, variance (7.5625 + 0.5625 + 0.5625 + 18.0625) / 4
  t.same(preparation.columns, [{ name: 'x', median: 3, mean: 3.75, deviation: Math.sqrt(6.6875) }]);
  const changed = { ...matrix, data: Float64Array.of(1, Number.NaN, 3, 8, -5) };
  t.same(fitPreparation(changed, [0, 1, 2, 3]), preparation);
  t.throws(() => prepareRows(preparation, { names: ['y'], rows: 1, data: Float64Array.of(1) }, [0]), {
    message: 'the matrix lacks the column x',
  });
});

t.test('hyper-parameters by XGBoost names', async (t) => {
  t.same(parseBoosterOptions(''), defaultBoosterOptions());
  t.match(defaultBoosterOptions(), {
    nEstimators: 800,
    learningRate: 0.045,
    maxDepth: 9,
    subsample: 0.9,
    colsampleBytree: 0.9,
    regLambda: 1.2,
    regAlpha: 0,
    seed: 42,
  });
  t.same(parseBoosterOptions('subsample=1, eta=0.1,lambda=2,alpha=0.5,n_estimators=10,n_jobs=1,tree_method=exact'), {
    ...defaultBoosterOptions(),
    subsample: 1,
    learningRate: 0.1,
    regLambda: 2,
    regAlpha: 0.5,
    nEstimators: 10,
    threads: 1,
    treeMethod: 'exact',
  });
  const bad: [string, RegExp][] = [
    ['depth=3', /^--booster 'depth' is not a hyper-parameter: choose from n_estimators, /],
    ['toString=3', /is not a hyper-parameter/],
    ['subsample', /^--booster 'subsample': expected key=value/],
    ['subsample=1=2', /expected key=value/],
    ['subsample=0', /^--booster subsample=0: expected a number above 0 to 1\.$/],
    ['subsample=1.1', /expected a number above 0 to 1/],
    ['max_depth=2.5', /^--booster max_depth=2\.5: expected a whole number from 1 to 30\.$/],
    ['lambda=-1', /expected a number from 0\.$/],
    ['seed=', /expected a whole number from 0 to 4294967295/],
    ['eta=fast', /expected a number above 0/],
    ['tree_method=approx', /^--booster tree_method=approx: expected hist or exact\.$/],
  ];
  for (const [text, message] of bad) t.throws(() => parseBoosterOptions(text), { name: 'InputError', message }, text);
});

t.test('a fit learns from its training rows and predicts others', async (t) => {
  const rows = 200;
  const data = Float64Array.from({ length: rows }, (_, row) => row % 10);
  const matrix: FeatureMatrix = { names: ['x'], rows, data };
  const targets = data.map((x) => (x < 5 ? 10 : 30));
  const options = parseBoosterOptions('n_estimators=200,learning_rate=0.3,subsample=1,colsample_bytree=1,lambda=0');
  for (const treeMethod of ['hist', 'exact'] as const) {
    const model = await fitModel(matrix, targets, range(0, 150), { ...options, treeMethod });
    const predicted = predictRows(model, matrix, range(150, 200));
    t.ok(
      predicted.every((value, i) => Math.abs(value - targets[150 + i]!) < 1e-3),
      treeMethod,
    );
  }
});
