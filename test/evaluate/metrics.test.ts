import t from 'tap';
import { bootstrapIntervals, drawClusters } from '#src/evaluate/bootstrap.js';
import { ErrorSample, improvementPercent, rmse } from '#src/evaluate/metrics.js';
import { pythonWith, runPython } from '../support/python.js';

t.test('metrics worked by hand', async (t) => {
  t.equal(rmse([1, 2, 3], [1, 4, 5]), Math.sqrt(8 / 3));
  t.equal(improvementPercent(3, 4), 25);
  t.equal(improvementPercent(5, 4), -25);
  t.equal(improvementPercent(0, 0), 0);
  t.throws(() => rmse([], []), RangeError);
  t.throws(() => rmse([1], [1, 2]), RangeError);

  const sample = new ErrorSample([10, 20, 40, 50], [11, 16, 40, 65]);
  t.same(sample.metrics(), {
    rmseMs: Math.sqrt((1 + 16 + 0 + 225) / 4),
    maeMs: 5,
    mapePercent: (10 + 20 + 0 + 30) / 4,
    medianApePercent: 15,
    biasMs: 3,
  });
  // the second row twice, the last one not
  t.same(
    sample.metrics((row) => [1, 2, 1, 0][row]!),
    new ErrorSample([10, 20, 20, 40], [11, 16, 16, 40]).metrics(),
  );
  t.ok(
    Object.values(new ErrorSample([1, 2], [1, Number.NaN]).metrics()).every(Number.isNaN),
    'no prediction, no metric',
  );
});

t.test('intervals: one cluster has none, equal errors have no width, the same seed gives the same ones', async (t) => {
  const sample = new ErrorSample([10, 10, 10, 10], [12, 12, 12, 12]);
  t.same(bootstrapIntervals(sample, [0, 0, 1, 1], drawClusters(2, 1)), {
    rmseMs: [2, 2],
    maeMs: [2, 2],
    mapePercent: [20, 20],
    medianApePercent: [20, 20],
    biasMs: [2, 2],
  });
  t.same(bootstrapIntervals(sample, [0, 0, 0, 0], drawClusters(1, 1)).rmseMs, [Number.NaN, Number.NaN]);
  t.same(drawClusters(5, 3), drawClusters(5, 3));
  t.ok(drawClusters(5, 3).every((times) => times.reduce((sum, each) => sum + each, 0) === 5));
});

const scipy = pythonWith('scipy', 'numpy');
const script = `
import sys, json, numpy
from scipy.stats import bootstrap
errors = numpy.array(json.load(sys.stdin))
bias = bootstrap((errors,), numpy.mean, n_resamples=20000, method='percentile', random_state=1)
root = bootstrap((errors,), lambda e, axis: numpy.sqrt((e ** 2).mean(axis=axis)), n_resamples=20000, method='percentile', random_state=1)
json.dump([list(bias.confidence_interval), list(root.confidence_interval)], sys.stdout)`;

t.test("intervals are scipy's, within the chance of the draws", { skip: scipy.skip }, async (t) => {
  const errors = Array.from({ length: 60 }, (_, i) => ((i * 37) % 60) - 20 + (i % 7));
  const [bias, root] = JSON.parse(runPython(scipy.python!, script, [], JSON.stringify(errors))) as number[][];
  const actual = errors.map(() => 100);
  const sample = new ErrorSample(
    actual,
    errors.map((error) => 100 + error),
  );
  const ours = bootstrapIntervals(sample, [...errors.keys()], drawClusters(errors.length, 42));
  // The ends are known to 0.09 standard errors of the mean (2.2) from 1,000 draws; four times that.
  const tolerance = 0.8;
  for (const [name, interval, expected] of [
    ['bias', ours.biasMs, bias!],
    ['RMSE', ours.rmseMs, root!],
  ] as const) {
    for (const end of [0, 1] as const)
      t.ok(Math.abs(interval[end] - expected[end]!) < tolerance, `${name}: ${interval[end]} is near ${expected[end]}`);
  }
});
