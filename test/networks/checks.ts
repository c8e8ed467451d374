import ort from 'onnxruntime-node';
import { MersenneTwister } from '#src/base/random.js';
import { buildGradientModel } from '#src/graph/gradients.js';
import { elementCount } from '#src/graph/shape.js';
import { buildTrainingModel, finalParameterOutput } from '#src/graph/training.js';
import { networkNamed, trainingGraph } from '#src/networks/index.js';
import { optimizerRule } from '#src/networks/optimizers.js';
import type { Optimizer, TrainingConfig, TrainingGraph } from '#src/networks/types.js';
import { relativeError } from '../graph/evaluate.js';
import { randomBatch, tensorOf } from './batch.js';
import { runMirror } from './mirror.js';

/** Checks that every network passes; each `t` is the test that the check belongs to. */
interface Assertions {
  ok(value: unknown, message: string): boolean;
  equal(found: unknown, wanted: unknown, message: string): boolean;
}

/** Draws the values of a parameter by its name. */
export type ParameterDraw = (name: string, dims: readonly number[], random: MersenneTwister) => Float32Array;

/** Uniform, with deviation 1: cheaper than a normal deviate, and the CNNs take tens of millions. */
export const uniformDeviate = (random: MersenneTwister): number => Math.sqrt(12) * (random.uint32() / 2 ** 32 - 0.5);

/** Weights of unit gain, scales near 1, small shifts: no parameter is at a special value. */
export const drawGeneric: ParameterDraw = (name, dims, random) => {
  const gain = dims.length > 1 ? 1 / Math.sqrt(elementCount(dims.slice(1))) : 0;
  return Float32Array.from({ length: elementCount(dims) }, () => {
    const deviate = uniformDeviate(random);
    if (gain > 0) return gain * deviate;
    return name.endsWith('.weight') ? 1 + 0.2 * deviate : 0.1 * deviate;
  });
};

/** Loss and every parameter gradient against PyTorch in float64. */
export async function checkGradients(
  t: Assertions,
  python: string,
  config: TrainingConfig,
  draw: ParameterDraw = drawGeneric,
): Promise<void> {
  const network = networkNamed(config.network);
  const model = buildGradientModel((tape) => network.forward(tape, config));
  const [inputSpec, labelSpec] = model.inputs as [(typeof model.inputs)[0], (typeof model.inputs)[0]];
  const random = new MersenneTwister(17);
  const parameters = model.parameters.map(({ name, dims }) => draw(name, dims, random));
  const { inputs, labels } = randomBatch(config, model.inputs, random);
  const job = { ...config, task: 'gradients', parameterDims: model.parameters.map(({ dims }) => dims) } as const;
  const judge = runMirror(python, job, { parameters, inputs, inputSpec, labels, labelSpec });

  const session = await ort.InferenceSession.create(model.model, { intraOpNumThreads: 1 });
  const results = await session.run(
    Object.fromEntries([
      [inputSpec.name, tensorOf(inputs, inputSpec.dims)],
      [labelSpec.name, tensorOf(labels, labelSpec.dims)],
      ...model.parameters.map(({ name, stateDims }, i) => [name, tensorOf(parameters[i]!, stateDims)]),
    ]),
  );

  const loss = results[model.lossOutput]!.data[0] as number;
  const [expectedLoss] = judge.losses;
  t.ok(Math.abs(loss / expectedLoss! - 1) < 1e-5, `loss ${loss}, PyTorch ${expectedLoss}`);

  // Gradients that are zero by construction (a key's bias) are judged on the scale of the others.
  const largest = judge.values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  let start = 0;
  for (const { name, dims, gradientOutput } of model.parameters) {
    const end = start + elementCount(dims);
    const actual = results[gradientOutput]!.data as Float32Array;
    const error = relativeError(actual, judge.values.subarray(start, end), 1e-3 * largest);
    t.ok(error < 1e-4, `${name}: relative error ${error.toExponential(1)}`);
    start = end;
  }
  t.equal(start, judge.values.length, 'number of gradients');
  await session.release();
}

export interface OptimizerCase {
  optimizer: Optimizer;
  learningRate: number;
  /** Of the optimizer in torch.optim of the same name, or of the one that the mirror defines. */
  options: object;
  /** The largest step of a value, in learning rates; Adam's is about 1. */
  largestStep?: number;
}

/** Losses and movement of every parameter over ten optimizer steps against PyTorch in float64. */
export async function checkOptimizerSteps(
  t: Assertions,
  python: string,
  base: TrainingConfig,
  { optimizer, learningRate, options, largestStep = 1.1 }: OptimizerCase,
): Promise<void> {
  const steps = 10;
  const config: TrainingConfig = { ...base, optimizer };
  const network = networkNamed(config.network);
  const graph = buildTrainingModel((tape) => network.forward(tape, config), {
    optimizer: optimizerRule(optimizer, network.family),
    seed: config.seed,
    finalParameters: true,
  });
  const { run, inputs, labels } = await trainer(graph, config);
  const parametersAfter = async (trips: number) => {
    const results = await run(trips, learningRate);
    return graph.parameters.map(({ name }) => results[finalParameterOutput(name)]!.data as Float32Array);
  };
  const before = await parametersAfter(0);
  const after = await parametersAfter(steps);
  const losses = (await run(steps, learningRate))[graph.lossOutput]!.data as Float32Array;
  const [inputSpec, labelSpec] = graph.inputs as [TrainingGraph['inputs'][0], TrainingGraph['inputs'][0]];
  const job = {
    ...config,
    task: 'steps',
    steps,
    optimizerOptions: { lr: learningRate, ...options },
    parameterDims: graph.parameters.map(({ dims }) => dims),
  } as const;
  const judge = runMirror(python, job, { parameters: before, inputs, inputSpec, labels, labelSpec });

  const lossError = relativeError(losses, judge.losses);
  t.ok(lossError < 1e-4, `losses: relative error ${lossError.toExponential(1)}`);
  const largest = Math.max(...judge.largestGradients!);
  let start = 0;
  graph.parameters.forEach(({ name, dims }, index) => {
    const expected = judge.values.subarray(start, start + elementCount(dims));
    start += expected.length;
    const moved = after[index]!.map((value, i) => value - before[index]![i]!);
    if (judge.largestGradients![index]! < zeroGradient * largest) {
      // Zero by construction (a key's bias): Adam divides what rounding leaves by its own size, so only its bound holds.
      const bound = largestStep * steps * learningRate;
      t.ok(
        moved.every((value) => Math.abs(value) < bound),
        `${name}: gradient zero, moves below ${bound}`,
      );
      return;
    }
    const expectedMoves = expected.map((value, i) => value - before[index]![i]!);
    const error = normError(moved, expectedMoves);
    t.ok(error < 1e-3, `${name}: relative error of the change ${error.toExponential(1)}`);
  });
}

/** In float64, of the largest gradient. */
const zeroGradient = 1e-12;

/** Norm of the difference over the norm of `expected`: single elements with gradients near 0 may differ under Adam. */
function normError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let difference = 0;
  let norm = 0;
  for (let i = 0; i < expected.length; i++) {
    difference += (actual[i]! - expected[i]!) ** 2;
    norm += expected[i]! ** 2;
  }
  return Math.sqrt(difference / norm);
}

/** The loss on one batch falls at least tenfold over 50 steps. */
export async function checkLossFalls(t: Assertions, config: TrainingConfig, learningRate: number): Promise<void> {
  const graph = trainingGraph(config);
  const { run } = await trainer(graph, config);
  const losses = (await run(50, learningRate))[graph.lossOutput]!.data as Float32Array;
  t.equal(losses.length, 50, 'steps');
  t.ok(losses[49]! < losses[0]! / 10, `${losses[0]} -> ${losses[49]}`);
}

/** A session of the graph with one random batch. */
export async function trainer(graph: TrainingGraph, config: TrainingConfig) {
  const session = await ort.InferenceSession.create(graph.model, {
    externalData: [graph.state],
    intraOpNumThreads: 1,
    executionMode: 'sequential',
  });
  const [inputSpec, labelSpec] = graph.inputs as [TrainingGraph['inputs'][0], TrainingGraph['inputs'][0]];
  const { inputs, labels } = randomBatch(config, graph.inputs, new MersenneTwister(23));
  const run = (trips: number, learningRate: number) =>
    session.run({
      [graph.tripInput]: new ort.Tensor('int64', [BigInt(trips)], []),
      [graph.learningRateInput]: new ort.Tensor('float32', [learningRate], []),
      [inputSpec.name]: tensorOf(inputs, inputSpec.dims),
      [labelSpec.name]: tensorOf(labels, labelSpec.dims),
    });
  return { run, inputs, labels };
}
