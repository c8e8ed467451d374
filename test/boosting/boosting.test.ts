import t from 'tap';
import { type BoosterParameters, native } from '#src/base/native.js';
import { defaultBoosterOptions } from '#src/model/booster-options.js';
import { pythonWith, runPython } from '../support/python.js';
import {
  largestRelativeDifference,
  regressionTable as makeTable,
  rootMeanSquare as rmse,
  type RegressionTable as Table,
} from '../support/regression-table.js';

const { boosting } = native('The test of gradient boosting');

const parameters: BoosterParameters = {
  ...defaultBoosterOptions(),
  nEstimators: 40,
  learningRate: 0.1,
  maxDepth: 5,
  subsample: 1,
  colsampleBytree: 1,
  threads: 2,
};

async function fitAndPredict(train: Table, test: Table, changes: Partial<BoosterParameters>): Promise<Float32Array> {
  const { features, rows, columns, targets } = train;
  const booster = await boosting.train(features, rows, columns, targets, { ...parameters, ...changes });
  return booster!.predict(test.features, test.rows, 1);
}

const { python, skip } = pythonWith('xgboost', 'numpy');

interface Comparison {
  name: string;
  train: Table;
  test: Table;
  changes: Partial<BoosterParameters>;
  /** XGBoost's tree method. */
  method: 'exact' | 'hist';
}

const coarse = (changes: Partial<BoosterParameters>, missing = 0) => ({
  train: makeTable(700, 6, 20, missing, 1),
  test: makeTable(200, 6, 20, missing, 2),
  changes,
  method: 'exact' as const,
});

const likeExact: Comparison[] = [
  { name: 'all rows and columns', ...coarse({}) },
  { name: 'missing values', ...coarse({}, 0.3) },
  { name: 'alpha, gamma and least weight', ...coarse({ regAlpha: 0.7, gamma: 0.5, minChildWeight: 6 }) },
  { name: 'rows and columns drawn with the same seed', ...coarse({ subsample: 0.9, colsampleBytree: 0.7 }) },
  {
    name: 'a bin for each of many values',
    train: makeTable(600, 5, 0, 0, 3),
    test: makeTable(300, 5, 0, 0, 4),
    changes: { maxBin: 65535 },
    method: 'exact',
  },
];

/** A table with columns that rise or fall with its own: all of them offer the same splits. */
function withImages({ rows, columns, features, targets }: Table): Table {
  const images = [(x: number) => x, (x: number) => 1 - x, (x: number) => 3 * x + 1, (x: number) => x * x];
  const widened = Float32Array.from({ length: rows * columns * images.length }, (_, index) => {
    const [row, place] = [Math.floor(index / (columns * images.length)), index % (columns * images.length)];
    return images[Math.floor(place / columns)]!(features[row * columns + (place % columns)]!);
  });
  return { rows, columns: columns * images.length, features: widened, targets };
}

const ties: Comparison = {
  name: 'columns that are images of one another, some of them drawn',
  train: withImages(makeTable(500, 5, 12, 0, 9)),
  test: withImages(makeTable(200, 5, 12, 0, 10)),
  changes: { colsampleBytree: 0.6, maxDepth: 9 },
  method: 'exact',
};

const likeHistogram: Comparison = {
  name: 'histograms',
  train: makeTable(3000, 10, 0, 0, 5),
  test: makeTable(2000, 10, 0, 0, 6),
  changes: { treeMethod: 'hist', nEstimators: 100, maxDepth: 6 },
  method: 'hist',
};

const xgboostScript = `
import sys, json, numpy, xgboost
def matrix(table): return numpy.array(table['features'], dtype='float32').reshape(table['rows'], table['columns'])
def predictions(job):
    model = xgboost.XGBRegressor(n_jobs=1, **job['parameters'])
    model.fit(matrix(job['train']), numpy.array(job['train']['targets'], dtype='float32'))
    return model.predict(matrix(job['test'])).tolist()
json.dump([predictions(job) for job in json.load(sys.stdin)], sys.stdout)
`;

/** Predictions of Debian's XGBoost with the same hyper-parameters, for each comparison. */
function xgboostPredictions(comparisons: Comparison[]): number[][] {
  // JSON has no NaN; it becomes null, which Python reads as None and numpy makes NaN again.
  const plain = (table: Table) => ({ ...table, features: [...table.features], targets: [...table.targets] });
  const jobs = comparisons.map(({ train, test, changes, method }) => {
    const p = { ...parameters, ...changes };
    return {
      train: plain(train),
      test: plain(test),
      parameters: {
        n_estimators: p.nEstimators,
        learning_rate: p.learningRate,
        max_depth: p.maxDepth,
        subsample: p.subsample,
        colsample_bytree: p.colsampleBytree,
        reg_lambda: p.regLambda,
        reg_alpha: p.regAlpha,
        min_child_weight: p.minChildWeight,
        gamma: p.gamma,
        seed: p.seed,
        tree_method: method,
      },
    };
  });
  return JSON.parse(runPython(python!, xgboostScript, [], JSON.stringify(jobs))) as number[][];
}

t.test('comparison with XGBoost', { skip }, async (t) => {
  const theirs = xgboostPredictions([...likeExact, ties, likeHistogram]);

  await t.test('predictions equal those of its exact method', async (t) => {
    for (const [i, { name, train, test, changes }] of [...likeExact, ties].entries()) {
      const difference = largestRelativeDifference(await fitAndPredict(train, test, changes), theirs[i]!);
      t.ok(difference < 1e-4, `${name}: largest relative difference ${difference}`);
    }
  });

  await t.test('out-of-sample error is within 2 % of its histogram method', async (t) => {
    const { train, test, changes } = likeHistogram;
    const ourError = rmse(await fitAndPredict(train, test, changes), test.targets);
    const theirError = rmse(theirs.at(-1)!, test.targets);
    t.ok(ourError < 1.02 * theirError, `ours ${ourError}, XGBoost ${theirError}`);
  });
});

t.test('a fit leaves its inputs alone and does not follow their changes', async (t) => {
  const table = makeTable(300, 4, 0, 0, 7);
  const before = await fitAndPredict(table, table, {});
  const features = table.features.slice();
  const pending = boosting.train(features, table.rows, table.columns, table.targets, parameters);
  features.fill(0);
  const booster = (await pending)!;
  t.equal(booster.columns, 4);
  t.equal(booster.trees, 40);
  t.same(booster.predict(table.features, table.rows, 1), before);
  t.equal(booster.predict(new Float32Array(0), 0, 1).length, 0);
});

t.test('bad arguments get one sentence and the code BAD_INPUT', async (t) => {
  const { features, rows, columns, targets } = makeTable(10, 4, 0, 0, 8);
  const trainWith = async (position: number, value: unknown) => {
    const given: unknown[] = [features, rows, columns, targets, parameters];
    given[position] = value;
    await (boosting.train as (...given: unknown[]) => Promise<unknown>)(...given);
  };
  const infinite = features.slice();
  infinite[6] = Number.POSITIVE_INFINITY;
  const cases: [position: number, value: unknown, message: RegExp][] = [
    [0, [1, 2], /features must be/],
    [0, features.subarray(1), /features must be a Float32Array of 10 x 4 values/],
    [0, infinite, /row 1, column 2 is infinite/],
    [1, 0, /rows must be/],
    [2, 1.5, /columns must be/],
    [3, new Float32Array(10).fill(Number.NaN), /target of row 0 is nan/],
    [4, 5, /parameters must be/],
    [4, { ...parameters, subsample: 1.5 }, /subsample is 1.5; expected a share in \(0, 1\]/],
    [4, { ...parameters, learningRate: Number.NaN }, /learningRate must be/],
    [4, { ...parameters, threads: 0 }, /threads is 0; expected an integer from 1 to 1024/],
  ];
  for (const [position, value, message] of cases) {
    await t.rejects(trainWith(position, value), { code: 'BAD_INPUT', message });
  }

  const booster = (await boosting.train(features, rows, columns, targets, parameters))!;
  t.throws(() => booster.predict(features, 9, 1), { code: 'BAD_INPUT', message: /Float32Array of 9 x 4 values/ });
  t.throws(() => booster.predict(infinite, 10, 1), { code: 'BAD_INPUT', message: /row 1, column 2 is infinite/ });
});
