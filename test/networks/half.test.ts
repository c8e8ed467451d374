import t from 'tap';
import { MersenneTwister } from '#src/base/random.js';
import { halfBits } from '#src/graph/half.js';
import { gradScaler, type LossScaling } from '#src/graph/loss-scaling.js';
import { buildTrainingModel, finalParameterOutput } from '#src/graph/training.js';
import { networkNamed, networks } from '#src/networks/index.js';
import { optimizerRule } from '#src/networks/optimizers.js';
import type { TrainingConfig } from '#src/networks/types.js';
import { relativeError } from '../graph/evaluate.js';
import { pythonWith, runPython } from '../support/python.js';
import { trainer, uniformDeviate } from './checks.js';
import { smallConfigs } from './small-configs.js';

const { python, skip } = pythonWith('numpy');

t.test('float32 is rounded to float16 as numpy does, to the nearest, ties to even', { skip }, (t) => {
  const random = new MersenneTwister(5);
  const values = [0, 1, -2, 65504, 65519, 65520, 1e6, 6e-8, 2.98e-8, 2.99e-8, 6.1e-5, 1 + 2 ** -11, 1 + 3 * 2 ** -11];
  for (let i = 0; i < 2000; i++) values.push(random.normal() * 2 ** (random.interval(44) - 26));
  const floats = values.map(Math.fround);
  const script =
    'import sys, json, numpy as np\nnp.seterr(all="ignore")\n' +
    'print(json.dumps(np.array(json.load(sys.stdin), np.float32).astype(np.float16).view(np.uint16).tolist()))';
  t.same(floats.map(halfBits), JSON.parse(runPython(python!, script, [], JSON.stringify(floats))));
  t.end();
});

interface Trained {
  losses: Float32Array;
  /** Of everything the loop carries, by name. */
  state: Record<string, Float32Array>;
}

interface Trainer {
  train(steps: number, learningRate: number): Promise<Trained>;
  release(): Promise<void>;
}

/** On the CPU provider, which computes in float16 by casting between operators. Every run starts anew. */
async function halfTrainer(
  config: TrainingConfig,
  mixedPrecision?: LossScaling,
  changeWeights?: (weights: Float32Array) => void,
): Promise<Trainer> {
  const network = networkNamed(config.network);
  const graph = buildTrainingModel((tape) => network.forward(tape, config), {
    optimizer: optimizerRule(config.optimizer, network.family),
    seed: config.seed,
    finalState: true,
    ...(mixedPrecision && { mixedPrecision }),
  });
  const data = graph.state.data;
  changeWeights?.(new Float32Array(data.buffer, data.byteOffset, data.length / 4));
  const { run, release } = await trainer(graph, config, { logSeverityLevel: 3, graphOptimizationLevel: 'disabled' });
  return {
    async train(steps, learningRate) {
      const results = await run(steps, learningRate);
      const suffix = finalParameterOutput('');
      const state = Object.entries(results)
        .filter(([name]) => name.endsWith(suffix))
        .map(([name, tensor]) => [name.slice(0, -suffix.length), tensor.data as Float32Array]);
      return { losses: results[graph.lossOutput]!.data as Float32Array, state: Object.fromEntries(state) };
    },
    release,
  };
}

async function train(config: TrainingConfig, steps: number, learningRate: number, scaling?: LossScaling) {
  const { train, release } = await halfTrainer(config, scaling);
  const trained = await train(steps, learningRate);
  await release();
  return trained;
}

/** What a first step leaves in the first moments: every gradient, times a constant of the optimizer. */
const gradientsOf = ({ state }: Trained) =>
  Object.keys(state)
    .filter((name) => /[.](momentum|mean)$/.test(name))
    .map((name) => state[name]!);

/** ||b - a|| / ||a|| over all elements. */
function distance(a: readonly Float32Array[], b: readonly Float32Array[]): number {
  let [difference, norm] = [0, 0];
  a.forEach((values, index) => {
    values.forEach((value, i) => {
      difference += (b[index]![i]! - value) ** 2;
      norm += value ** 2;
    });
  });
  return Math.sqrt(difference / norm);
}

const float16Roundoff = 2 ** -11;
// Low enough for no gradient to overflow in the first steps; GradScaler would find its way down from 65,536 by itself.
const lowScale = { initialScale: 256, growthInterval: 2000 };

for (const network of Object.keys(networks)) {
  t.test(`${network} in float16 agrees with float32, and its loss falls`, async (t) => {
    const config = smallConfigs[network]!;
    const full = await train(config, 1, 0);
    const half = await halfTrainer(config, lowScale);
    const first = await half.train(1, 0);
    const lossError = Math.abs(first.losses[0]! / full.losses[0]! - 1);
    t.ok(lossError < 0.01, `first loss ${first.losses[0]} against ${full.losses[0]}`);

    // How far a rounding carries depends on the network: the norms of a deep CNN over few values, and its kinks, amplify
    // it a thousandfold. The yardstick is float32 with weights off by one rounding to float16; the float16 graph rounds
    // every intermediate value as well. A gradient of 0 would be 1 apart.
    const random = new MersenneTwister(31);
    const rounded = await halfTrainer(config, undefined, (weights) => {
      // The moments behind them are zero.
      for (let i = 0; i < weights.length; i++) {
        if (weights[i] !== 0) weights[i]! *= 1 + float16Roundoff * uniformDeviate(random);
      }
    });
    const yardstick = distance(gradientsOf(full), gradientsOf(await rounded.train(1, 0)));
    await rounded.release();
    const error = distance(gradientsOf(full), gradientsOf(first));
    const bound = Math.min(Math.max(1.5 * yardstick, 0.005), 0.9);
    t.ok(error < bound, `gradients are ${error.toExponential(1)} apart, bound ${bound.toExponential(1)}`);

    const steps = 3;
    const { losses, state } = await half.train(steps, config.optimizer === 'SGD' ? 1e-4 : 3e-4);
    await half.release();
    t.ok(losses.at(-1)! < losses[0]!, `falls from ${losses[0]} to ${losses.at(-1)}`);
    t.equal(state.updates![0], steps, 'no step overflows');
  });
}

const resmlp = smallConfigs.resmlp!;

t.test('a step whose gradients overflow changes nothing but the scale, which halves', async (t) => {
  const overflowing = { initialScale: 2 ** 40, growthInterval: 2000 };
  const start = await train(resmlp, 0, 1e-3, overflowing);
  const after = await train(resmlp, 1, 1e-3, overflowing);
  t.equal(after.state.loss_scale![0], 2 ** 39);
  t.equal(after.state.updates![0], 0);
  for (const name of Object.keys(start.state)) {
    if (!['loss_scale', 'good_steps', 'updates'].includes(name)) t.same(after.state[name], start.state[name], name);
  }
});

t.test('training goes on after overflows, and as if they had not been', async (t) => {
  const once = await train(resmlp, 1, 1e-3, gradScaler);
  const late = { initialScale: 2 ** 40, growthInterval: 2000 };
  let steps = 1;
  let trained = await train(resmlp, steps, 1e-3, late);
  while (trained.state.updates![0] === 0 && steps < 40) trained = await train(resmlp, ++steps, 1e-3, late);
  t.equal(trained.state.updates![0], 1, `the first update is in step ${steps}`);
  t.equal(trained.state.loss_scale![0], 2 ** (40 - (steps - 1)), 'the scale has halved in every step before');
  // Adam's bias correction counts updates, not steps: the first update is as long as without overflows.
  const moved = ({ state }: Trained) => state['head.weight']!;
  t.ok(relativeError(moved(trained), moved(once)) < 1e-3);
});

t.test('the scale doubles after enough good steps in a row', async (t) => {
  const { state } = await train(resmlp, 7, 1e-3, { initialScale: 256, growthInterval: 3 });
  t.equal(state.loss_scale![0], 1024);
  t.equal(state.good_steps![0], 1);
});
