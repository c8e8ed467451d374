import t from 'tap';
import { type BoosterParameters, native } from '#src/base/native.js';
import { MersenneTwister } from '#src/base/random.js';
import { defaultBoosterOptions } from '#src/model/booster-options.js';
import { type RegressionTable, regressionTable } from '../support/regression-table.js';

const { boosting } = native("The test of the booster's parameters");

const train = regressionTable(2000, 5, 0, 0.1, 21);

async function fit(changes: Partial<BoosterParameters>, table: RegressionTable = train) {
  const parameters = { ...defaultBoosterOptions(), nEstimators: 100, maxDepth: 5, learningRate: 0.1, ...changes };
  return (await boosting.train(table.features, table.rows, table.columns, table.targets, parameters))!;
}

t.test('quantile loss: the asked share of the targets lies below the predictions', async (t) => {
  const test = regressionTable(2000, 5, 0, 0.1, 22);
  for (const treeMethod of ['exact', 'hist'] as const) {
    for (const quantileAlpha of [0.1, 0.5, 0.9]) {
      const booster = await fit({ loss: 'quantile', quantileAlpha, treeMethod, nEstimators: 60, maxDepth: 3 });
      const predictions = booster.predict(test.features, test.rows, 1);
      const below = test.targets.filter((target, row) => target <= predictions[row]!).length / test.rows;
      t.ok(
        Math.abs(below - quantileAlpha) < 0.07,
        `${treeMethod}: ${below} of the targets lie below the ${quantileAlpha} quantile`,
      );
    }
  }
});

t.test('absolute loss is not moved by outliers as squared loss is', async (t) => {
  const spoiled = { ...train, targets: train.targets.map((target, row) => (row % 20 === 0 ? 1000 : target)) };
  const meanAbsoluteError = async (loss: 'squared' | 'absolute') => {
    const booster = await fit({ loss, minChildWeight: 8 }, spoiled);
    const predictions = booster.predict(train.features, train.rows, 1);
    const clean = [...train.targets.keys()].filter((row) => row % 20 !== 0);
    return clean.reduce((sum, row) => sum + Math.abs(predictions[row]! - train.targets[row]!), 0) / clean.length;
  };
  const [absolute, squared] = [await meanAbsoluteError('absolute'), await meanAbsoluteError('squared')];
  t.ok(absolute < 0.5 && squared > 2 * absolute, `absolute ${absolute}, squared ${squared}`);
});

t.test('monotone constraints hold on 10,000 probes', async (t) => {
  // The second column's sine goes up and down: without the constraint predictions do as well.
  const monotoneConstraints = [1, -1, 0, 1, 0];
  const random = new MersenneTwister(23);
  const probes = 10_000;
  const breaches = async (changes: Partial<BoosterParameters>) => {
    const booster = await fit(changes);
    const [low, high] = [new Float32Array(probes * 5), new Float32Array(probes * 5)];
    const moved: number[] = [];
    for (let probe = 0; probe < probes; probe++) {
      const x = Float32Array.from({ length: 5 }, () => random.float64());
      const column = [0, 1, 3][random.interval(2)]!;
      low.set(x, probe * 5);
      x[column] = x[column]! + (1 - x[column]!) * random.float64();
      high.set(x, probe * 5);
      moved.push(column);
    }
    const [before, after] = [booster.predict(low, probes, 2), booster.predict(high, probes, 2)];
    return moved.filter((column, probe) => (after[probe]! - before[probe]!) * monotoneConstraints[column]! < 0).length;
  };
  for (const treeMethod of ['exact', 'hist'] as const) {
    t.equal(await breaches({ monotoneConstraints, treeMethod }), 0, treeMethod);
  }
  t.ok((await breaches({})) > 1000, 'the probes find breaches where there are no constraints');
});

t.test('early stopping keeps the trees that served the evaluation rows best', async (t) => {
  const { rows, columns, features, targets } = train;
  const evaluation = regressionTable(500, 5, 0, 0.1, 24);
  const parameters = { ...defaultBoosterOptions(), nEstimators: 800, maxDepth: 6, learningRate: 0.3 };
  const stopping = { ...parameters, earlyStoppingRounds: 10 };
  const booster = (await boosting.train(features, rows, columns, targets, stopping, evaluation))!;
  t.ok(booster.trees < 800, `${booster.trees} trees`);

  // Grown with as many trees, it is the same model; with fewer or more, no better on the evaluation rows.
  const errorWith = async (nEstimators: number) => {
    const other = (await boosting.train(features, rows, columns, targets, { ...parameters, nEstimators }))!;
    const predictions = other.predict(evaluation.features, evaluation.rows, 1);
    return {
      predictions,
      error: predictions.reduce((sum, each, row) => sum + (each - evaluation.targets[row]!) ** 2, 0),
    };
  };
  const best = await errorWith(booster.trees);
  t.same(booster.predict(evaluation.features, evaluation.rows, 1), best.predictions);
  t.ok((await errorWith(booster.trees - 1)).error >= best.error);
  t.ok((await errorWith(booster.trees + 9)).error >= best.error);
});

t.test('progress is told, and its answer ends the fit', async (t) => {
  const { rows, columns, features, targets } = train;
  const parameters = { ...defaultBoosterOptions(), nEstimators: 100_000, threads: 1 };
  const told: number[] = [];
  const booster = await boosting.train(features, rows, columns, targets, parameters, train, (trees, error) => {
    told.push(trees);
    t.ok(error > 0);
    return told.length < 3;
  });
  t.equal(booster, null);
  t.ok(told.length >= 3 && told.every((trees, i) => trees >= 1 && (i === 0 || trees > told[i - 1]!)), told.join());
});

t.test('parameters that contradict each other get one sentence', async (t) => {
  const cases: [changes: Partial<BoosterParameters>, message: RegExp][] = [
    [{ monotoneConstraints: [1] }, /1 monotoneConstraints for 5 columns/],
    [{ monotoneConstraints: [2, 0, 0, 0, 0] }, /monotoneConstraints must be an array of -1, 0 or 1/],
    [{ monotoneConstraints: [1, 0, 0, 0, 0], loss: 'absolute' }, /none with the absolute or quantile loss/],
    [{ earlyStoppingRounds: 5 }, /needs evaluation rows/],
    [{ loss: 'quantile', quantileAlpha: 1 }, /quantileAlpha is 1; expected a number between 0 and 1/],
    [{ loss: 'huber' as 'squared' }, /loss must be one of squared, absolute, quantile/],
  ];
  for (const [changes, message] of cases) await t.rejects(fit(changes), { code: 'BAD_INPUT', message });
});
