import t from 'tap';
import { MersenneTwister } from '#src/base/random.js';
import type { Initialiser } from '#src/graph/autodiff/tape.js';
import {
  biasDefault,
  constant,
  kaimingNormalFanIn,
  kaimingNormalFanOut,
  linearDefault,
  normal,
  truncatedNormal,
  xavierUniform,
} from '#src/graph/initialise.js';
import { normalQuantile } from '#src/graph/normal-quantile.js';

// Moments of the distributions by their formulas; Var of a normal cut at +-2 deviations: 1 - 4 phi(2) / (2 Phi(2) - 1).
const truncatedVariance = 1 - (4 * Math.exp(-2)) / Math.sqrt(2 * Math.PI) / 0.9544997361036416;
const uniformDeviation = (bound: number) => bound / Math.sqrt(3);
const table: { name: string; initialise: Initialiser; dims: number[]; deviation: number; bound: number }[] = [
  {
    name: 'Kaiming normal by fan-out',
    initialise: kaimingNormalFanOut,
    dims: [64, 32, 3, 3],
    deviation: Math.sqrt(2 / (64 * 9)),
    bound: 4.5 * Math.sqrt(2 / (64 * 9)),
  },
  {
    name: 'Kaiming normal by fan-in',
    initialise: kaimingNormalFanIn,
    dims: [64, 32, 3, 3],
    deviation: Math.sqrt(2 / (32 * 9)),
    bound: 4.5 * Math.sqrt(2 / (32 * 9)),
  },
  {
    name: 'normal',
    initialise: normal(0.01),
    dims: [20_000],
    deviation: 0.01,
    bound: 0.045,
  },
  {
    name: 'linear default',
    initialise: linearDefault,
    dims: [200, 100],
    deviation: uniformDeviation(0.1),
    bound: 0.1,
  },
  {
    name: 'bias default',
    initialise: biasDefault(25),
    dims: [20_000],
    deviation: uniformDeviation(0.2),
    bound: 0.2,
  },
  {
    name: 'Xavier uniform',
    initialise: xavierUniform,
    dims: [200, 100],
    deviation: uniformDeviation(Math.sqrt(6 / 300)),
    bound: Math.sqrt(6 / 300),
  },
  {
    name: 'truncated normal',
    initialise: truncatedNormal(0.02),
    dims: [20_000],
    deviation: 0.02 * Math.sqrt(truncatedVariance),
    bound: 0.04,
  },
];

for (const { name, initialise, dims, deviation, bound } of table) {
  t.test(`${name} has its mean, deviation and bound`, (t) => {
    const count = dims.reduce((a, b) => a * b, 1);
    const values = new Float32Array(count);
    initialise(values, dims, new MersenneTwister(9));
    const mean = values.reduce((sum, value) => sum + value, 0) / count;
    const found = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count);
    t.ok(Math.abs(mean) < (4 * deviation) / Math.sqrt(count), `mean ${mean}`);
    t.ok(Math.abs(found / deviation - 1) < 0.03, `deviation ${found}, expected ${deviation}`);
    t.ok(values.every((value) => Math.abs(value) <= bound * (1 + 1e-6)));
    t.end();
  });
}

t.test('constant', (t) => {
  const values = new Float32Array(3);
  constant(1)(values, [3], new MersenneTwister(1));
  t.same([...values], [1, 1, 1]);
  t.end();
});

t.test('quantiles of the normal distribution, against a printed table', (t) => {
  for (const [probability, z] of [
    [0.5, 0],
    [0.975, 1.959963985],
    [0.0227501319, -2],
    [0.998650102, 3],
    [0.00003167124, -4],
  ] as const) {
    t.ok(Math.abs(normalQuantile(probability) - z) < 1e-6, `${probability}`);
  }
  t.end();
});
