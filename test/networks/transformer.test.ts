import t from 'tap';
import { MersenneTwister } from '#src/base/random.js';
import { Tape } from '#src/graph/autodiff/tape.js';
import { elementCount } from '#src/graph/shape.js';
import { networkNamed } from '#src/networks/index.js';
import { sinusoidalPositions } from '#src/networks/positions.js';
import type { TrainingConfig } from '#src/networks/types.js';
import { compile, type Values } from '../graph/evaluate.js';
import { pythonWith } from '../support/python.js';
import { checkGradients, checkLossFalls, checkOptimizerSteps, drawGeneric, textOptimizers } from './checks.js';

const { python, skip } = pythonWith('torch', 'numpy');
const config: TrainingConfig = {
  network: 'Transformer',
  optimizer: 'AdamW',
  precision: 32,
  seed: 3,
  provider: 'cpu',
  batchSize: 3,
  sequenceLength: 9,
  targetLength: 7,
  vocabularySize: 40,
  classes: 40,
  depth: 1,
};

t.test("gradients agree with PyTorch's in float64", { skip }, (t) =>
  checkGradients(t, python!, { ...config, depth: 2 }),
);

for (const { tolerance, ...optimizer } of textOptimizers) {
  t.test(`ten steps of ${optimizer.optimizer} agree with PyTorch's in float64`, { skip }, (t) =>
    checkOptimizerSteps(t, python!, config, optimizer, undefined, tolerance),
  );
}

t.test('the loss falls at least tenfold over 50 steps on one batch', (t) => checkLossFalls(t, config, 3e-4));

t.test('positions are sines at even places and cosines at odd ones', (t) => {
  // Width 4: frequencies 1 and 1/100.
  const expected = [0, 1, 0, 1, Math.sin(1), Math.cos(1), Math.sin(0.01), Math.cos(0.01)];
  t.same([...sinusoidalPositions(2, 4)], [...Float32Array.from(expected)]);
  t.end();
});

/** The forward pass and the gradient of the source's embedding, with parameters that are the same for all sizes. */
async function evaluator(sizes: Partial<TrainingConfig>) {
  const tape = new Tape();
  const { inputs, logits, loss } = networkNamed('Transformer').forward(tape, { ...config, ...sizes });
  const gradients = tape.parameterGradients(loss);
  const states = tape.parameters.map(({ state }) => state);
  const random = new MersenneTwister(29);
  const parameters = Object.fromEntries(
    tape.parameters.map(({ name, dims }) => [name, drawGeneric(name, dims, random)]),
  );
  const run = await compile(tape.builder, [...inputs, ...states], [loss, logits, ...gradients]);
  return async (source: readonly number[], target: readonly number[]) => {
    const ids: Record<string, Values> = {
      source: BigInt64Array.from(source, BigInt),
      target: BigInt64Array.from(target, BigInt),
    };
    const [lossValue, logitValues, ...gradientValues] = await run({ ...parameters, ...ids });
    return { loss: lossValue![0]!, logits: logitValues!, gradients: gradientValues };
  };
}

const texts = {
  source: [5, 9, 3, 12, 7, 1],
  target: [1, 8, 4, 30, 6, 2],
};
const single = { batchSize: 1, sequenceLength: 6, targetLength: 5 };

t.test('a later target token changes no earlier prediction', async (t) => {
  const evaluate = await evaluator(single);
  const { logits } = await evaluate(texts.source, texts.target);
  const changed = await evaluate(texts.source, texts.target.with(3, 11));
  const rowsOf = (values: Float32Array) =>
    Array.from({ length: 5 }, (_, row) => [...values.subarray(40 * row, 40 * (row + 1))]);
  const [before, after] = [rowsOf(logits), rowsOf(changed.logits)];
  for (const row of [0, 1, 2]) t.same(after[row], before[row], `prediction ${row + 1}`);
  for (const row of [3, 4]) t.notSame(after[row], before[row], `prediction ${row + 1}`);
});

t.test('padding after source and target changes neither loss nor gradients', async (t) => {
  const exact = await (await evaluator(single))(texts.source, texts.target);
  const evaluate = await evaluator({ ...single, sequenceLength: 8, targetLength: 9 });
  const padded = await evaluate([...texts.source, 0, 0], [...texts.target, 0, 0, 0, 0]);
  t.ok(Math.abs(padded.loss / exact.loss - 1) < 1e-6, `${padded.loss}, without padding ${exact.loss}`);
  const squares = (values: readonly Float32Array[]) =>
    values.reduce((sum, part) => sum + part.reduce((total, value) => total + value ** 2, 0), 0);
  const differences = exact.gradients.map((part, i) => part.map((value, j) => value - padded.gradients[i]![j]!));
  const error = Math.sqrt(squares(differences) / squares(exact.gradients));
  t.ok(error < 1e-5, `relative error of the gradients ${error.toExponential(1)}`);
});

t.test('texts of nothing but padding give numbers, and a batch of them the loss 0', async (t) => {
  const evaluate = await evaluator({ ...single, batchSize: 2 });
  const none = Array(6).fill(0) as number[];
  const finite = (values: readonly Float32Array[]) => values.every((part) => part.every(Number.isFinite));

  const alone = await (await evaluator(single))(texts.source, texts.target);
  const beside = await evaluate([...texts.source, ...none], [...texts.target, ...none]);
  t.ok(Math.abs(beside.loss / alone.loss - 1) < 1e-6, 'an empty pair does not count');
  t.ok(finite(beside.gradients), 'gradients are finite');

  const withoutSource = await evaluate([...texts.source, ...none], [...texts.target, ...texts.target]);
  t.ok(finite([[withoutSource.loss] as unknown as Float32Array, ...withoutSource.gradients]), 'an empty source');

  const empty = await evaluate([...none, ...none], [...none, ...none]);
  t.equal(empty.loss, 0);
  t.ok(
    empty.gradients.every((part) => part.every((value) => value === 0)),
    'gradients are 0',
  );
});

t.test('a target that starts with padding stays causal', async (t) => {
  const evaluate = await evaluator(single);
  const target = [0, 8, 4, 30, 6, 2];
  const first = (values: Float32Array) => [...values.subarray(0, 40)];
  const { logits } = await evaluate(texts.source, target);
  t.same(first((await evaluate(texts.source, target.with(4, 11))).logits), first(logits));
});

t.test('parameters lie in layers of known sizes', (t) => {
  const tape = new Tape();
  networkNamed('Transformer').forward(tape, { ...config, depth: 6, vocabularySize: 30_000 });
  const parameters = tape.parameters.reduce((sum, { dims }) => sum + elementCount(dims), 0);
  const attention = 4 * (512 * 512 + 512);
  const feedForward = 512 * 2048 + 2048 + 2048 * 512 + 512;
  const norm = 2 * 512;
  const encoder = 6 * (attention + feedForward + 2 * norm) + norm;
  const decoder = 6 * (2 * attention + feedForward + 3 * norm) + norm;
  // torch.nn.Transformer(512) has 44,140,544.
  t.equal(encoder + decoder, 44_140_544);
  t.equal(parameters, encoder + decoder + 2 * 30_000 * 512 + (512 * 30_000 + 30_000));
  t.end();
});
