import t from 'tap';
import { GraphBuilder } from '#src/graph/builder.js';
import { constant } from '#src/graph/initialise.js';
import { adafactor } from '#src/graph/optimizers/adafactor.js';
import { weightedSum } from '#src/graph/primitives/weighted-sum.js';
import { compile, input, relativeError } from './evaluate.js';

for (const provider of ['cpu', 'cuda'] as const) {
  t.test(
    `Adafactor form, as for ${provider}: two steps by hand; a value that never had a gradient stays`,
    async (t) => {
      const builder = new GraphBuilder({ provider });
      const [state, gradient, variance] = [input('p', [1, 4]), input('g', [1, 4]), input('v', [1, 4])];
      const learningRate = input('rate', []);
      const rule = adafactor({ beta2: 0.999, epsilon: 1e-30 });
      const parameter = { name: 'p', dims: [4], state, view: state, initialise: constant(0) };
      const inputs = { parameter, gradient, moments: [variance], learningRate, stepNumber: input('step', []) };
      const updated = rule.update(builder, inputs);
      const run = await compile(
        builder,
        [state, gradient, variance, learningRate],
        [updated.parameter, updated.moments[0]!],
      );
      const rate = Float32Array.of(0.01);

      const [p1, v1] = await run({
        p: Float32Array.of(1, 1, 1, 1),
        g: Float32Array.of(0, 2, -3, 1e-12),
        v: new Float32Array(4),
        rate,
      });
      // v = 0.001 g^2: every value with a gradient moves by 0.01 / sqrt(0.001), whatever its size.
      const firstStep = 0.01 / Math.sqrt(0.001);
      t.equal(p1![0], 1);
      t.ok(relativeError(p1!, [1, 1 - firstStep, 1 + firstStep, 1 - firstStep]) < 1e-6, `${p1}`);
      t.ok(relativeError(v1!, [0, 0.004, 0.009, 1e-27]) < 1e-6, `${v1}`);

      const [p2, v2] = await run({ p: p1!, g: Float32Array.of(0, 0, 3, 1e-12), v: v1!, rate });
      t.equal(p2![0], 1);
      t.equal(p2![1], p1![1], 'no gradient, no movement, even with a moment');
      const secondStep = (0.01 * 3) / Math.sqrt(0.999 * 0.009 + 0.001 * 9);
      t.ok(Math.abs(p1![2]! - p2![2]! - secondStep) < 1e-6);
      t.ok(relativeError(v2!, [0, 0.999 * 0.004, 0.999 * 0.009 + 0.009, 0]) < 1e-6, `${v2}`);
    },
  );
}

for (const provider of ['cpu', 'cuda'] as const) {
  t.test(`weighted sums of rows by hand, as for ${provider}`, async (t) => {
    const builder = new GraphBuilder({ provider });
    const [a, b, factor] = [input('a', [1, 3]), input('b', [1, 3]), input('factor', [])];
    const sums = [weightedSum(builder, a, 0.5, b, 3), weightedSum(builder, a, 1, b, factor)];
    const run = await compile(builder, [a, b, factor], sums);
    const values = { a: Float32Array.of(2, -4, 8), b: Float32Array.of(1, 2, -1), factor: Float32Array.of(-2) };
    const [halved, moved] = await run(values);
    t.same([...halved!], [4, 4, 1]);
    t.same([...moved!], [0, -8, 10]);
  });
}
