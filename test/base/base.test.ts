import t from 'tap';
import { nearest, requireChoice, requireCount, requirePositive, requirePositiveInteger } from '#src/base/checks.js';
import { columnsOf, families, hardwareColumns } from '#src/base/columns.js';
import { InputError } from '#src/base/errors.js';
import { MersenneTwister } from '#src/base/random.js';
import { mean, meanInterval95, median, medianInterval95, quantile, standardDeviation } from '#src/base/statistics.js';
import { formatRate, parseBytes } from '#src/base/units.js';
import { pythonWith, runPython } from '../support/python.js';

const scipy = pythonWith('scipy');

t.test('sizes are powers of 1024 and anything else names the option', async (t) => {
  const cases: [string, number][] = [
    ['4096', 4096],
    ['4k', 4096],
    ['128K', 131072],
    ['1M', 1048576],
    ['1.5k', 1536],
    ['2GiB', 2147483648],
  ];
  for (const [text, bytes] of cases) t.equal(parseBytes(text, '--block-size'), bytes, text);
  for (const text of ['', 'k', '0', '-4k', '4x', '1.3', '1e3'])
    t.throws(() => parseBytes(text, '--block-size'), { message: /^--block-size is '.*': give a size such as/ }, text);
});

t.test('rates print with powers of 1000', async (t) => {
  t.equal(formatRate(999), '999 B/s');
  t.equal(formatRate(2_500_000_000), '2.50 GB/s');
});

t.test('checks of options return the value or one sentence', async (t) => {
  t.equal(requirePositive(0.5, '--time'), 0.5);
  t.equal(requireChoice('CUDA', ['cpu', 'cuda'], '--device'), 'cuda');
  const bad: (() => unknown)[] = [
    () => requirePositive(0, '--time'),
    () => requirePositive(Number.NaN, '--time'),
    () => requirePositiveInteger(1.5, '--depth'),
    () => requireCount(-1, '--seed'),
  ];
  for (const check of bad) t.throws(check, InputError);
  t.throws(() => requireChoice('rsenet50', ['resnet50', 'resmlp'], '--models'), {
    message: "--models does not know 'rsenet50' (did you mean 'resnet50'?): choose from resnet50, resmlp.",
  });
  t.equal(nearest('bert', ['resnet50', 'DistilBERT']), 'DistilBERT', 'part of a name');
  t.equal(nearest('something else', ['cpu', 'cuda']), null);
});

t.test('columns: names are unique and hardware is part of every family', async (t) => {
  for (const family of families) {
    const names = columnsOf(family).map((column) => column.name);
    t.equal(new Set(names).size, names.length, family);
    for (const name of hardwareColumns) t.ok(names.includes(name), `${family}: ${name}`);
  }
});

t.test('statistics of a sample worked by hand', async (t) => {
  const samples = [4, 1, 3, 2];
  t.equal(mean(samples), 2.5);
  t.equal(median(samples), 2.5);
  t.equal(quantile(samples, 0.9).toFixed(10), '3.7000000000');
  t.equal(standardDeviation(samples).toFixed(10), Math.sqrt(5 / 3).toFixed(10));
  // t(0.975, 3) = 3.182
  t.equal(meanInterval95(samples).toFixed(6), ((3.182 * Math.sqrt(5 / 3)) / 2).toFixed(6));
  t.same([standardDeviation([7]), meanInterval95([7])], [0, 0]);
  t.throws(() => mean([]), RangeError);
  t.throws(() => quantile([1], 1.5), RangeError);
});

t.test('the interval of the median is two order statistics', async (t) => {
  const shuffled = (n: number) =>
    new MersenneTwister(n).shuffle(Float64Array.from({ length: n }, (_, index) => index + 1));
  // Of 10 samples at most one lies on the wrong side with probability 11 / 1024, at most two with 56 / 1024.
  const byHand: [number, [number, number] | null][] = [
    [1, null],
    [5, null],
    [6, [1, 6]],
    [10, [2, 9]],
    [100, [40, 61]],
  ];
  for (const [n, ranks] of byHand) t.same(medianInterval95(shuffled(n)), ranks, `${n} samples`);
  t.throws(() => medianInterval95([]), RangeError);

  await t.test("ranks are scipy's quantiles of the binomial distribution", { skip: scipy.skip }, async (t) => {
    const script = 'from scipy.stats import binom\nprint([int(binom.ppf(0.025, n, 0.5)) for n in range(1, 2001, 7)])';
    const ranks = JSON.parse(runPython(scipy.python!, script)) as number[];
    t.same(
      ranks.map((_, i) => medianInterval95(shuffled(1 + 7 * i))?.[0] ?? 0),
      ranks,
    );
  });
});

const numpy = pythonWith('numpy');
t.test('the generator draws and shuffles as numpy.random.RandomState', { skip: numpy.skip }, async (t) => {
  const script = `
import numpy as np, json
draws = {}
for seed in (0, 42, 4294967295):
    r = np.random.RandomState(seed)
    out = {'uniform': r.random_sample(5).tolist(), 'normal': r.standard_normal(5).tolist()}
    order = np.arange(1000)
    r.shuffle(order)
    out['order'] = order.tolist()
    draws[str(seed)] = out
print(json.dumps(draws))`;
  const expected = JSON.parse(runPython(numpy.python!, script)) as Record<
    string,
    { uniform: number[]; normal: number[]; order: number[] }
  >;
  for (const [seed, draws] of Object.entries(expected)) {
    const random = new MersenneTwister(Number(seed));
    t.same(
      Array.from({ length: 5 }, () => random.float64()),
      draws.uniform,
      `uniform, seed ${seed}`,
    );
    // The C library's logarithm and V8's may differ in the last bit.
    for (const normal of draws.normal) t.ok(Math.abs(random.normal() - normal) < 1e-15, `normal, seed ${seed}`);
    // An odd number of normal draws leaves one in reserve; a shuffle does not consume it.
    t.same(
      Array.from(random.shuffle(Int32Array.from({ length: 1000 }, (_, i) => i))),
      draws.order,
      `shuffle, seed ${seed}`,
    );
  }
  t.throws(() => new MersenneTwister(-1), RangeError);
});
