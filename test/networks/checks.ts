import ort from 'onnxruntime-node';
import { MersenneTwister } from '#src/base/random.js';
import type { Initialiser, Tape } from '#src/graph/autodiff/tape.js';
import type { Tensor } from '#src/graph/builder.js';
import { buildGradientModel } from '#src/graph/gradients.js';
import { buildInferenceModel } from '#src/graph/inference.js';
import { elementCount } from '#src/graph/shape.js';
import { buildTrainingModel, finalParameterOutput } from '#src/graph/training.js';
import { networkNamed, trainingGraph } from '#src/networks/index.js';
import { optimizerRule } from '#src/networks/optimizers.js';
import type { Optimizer, TrainingConfig, TrainingGraph } from '#src/networks/types.js';
import { relativeError } from '../graph/evaluate.js';
import { randomBatch, tensorOf } from './batch.js';
import { type MirrorData, type MirrorJob, runMirror } from './mirror.js';

/** Checks that every network passes; each `t` is the test that the check belongs to. */
interface Assertions {
  ok(value: unknown, message: string): boolean;
  equal(found: unknown, wanted: unknown, message: string): boolean;
}

/** As sessions on the CPU are opened to be timed; ONNX Runtime's optimizer would take seconds for a CNN. */
const asMeasured: ort.InferenceSession.SessionOptions = {
  executionMode: 'sequential',
  graphOptimizationLevel: 'disabled',
  enableMemPattern: false,
};

/** Draws the values of a parameter by its name. */
export type ParameterDraw = (name: string, dims: readonly number[], random: MersenneTwister) => Float32Array;

/** Uniform, with deviation 1: cheaper than a normal deviate, and the CNNs take tens of millions. */
export const uniformDeviate = (random: MersenneTwister): number => Math.sqrt(12) * (random.uint32() / 2 ** 32 - 0.5);

/** Fills a tensor element by element: `Float32Array.from` takes twice as long. */
export function drawEach(dims: readonly number[], draw: (index: number) => number): Float32Array {
  const values = new Float32Array(elementCount(dims));
  for (let i = 0; i < values.length; i++) values[i] = draw(i);
  return values;
}

/** Weights of unit gain, scales near 1, small shifts: no parameter is at a special value. */
export const drawGeneric: ParameterDraw = (name, dims, random) => {
  const gain = dims.length > 1 ? 1 / Math.sqrt(elementCount(dims.slice(1))) : 0;
  return drawEach(dims, () => {
    const deviate = uniformDeviate(random);
    if (gain > 0) return gain * deviate;
    return name.endsWith('.weight') ? 1 + 0.2 * deviate : 0.1 * deviate;
  });
};

/**
 * How far results may be off. `derived`: where float32 cannot keep the fixed bounds (kinks, batch norms over few values, an
 * optimizer that divides by small gradients), three times what PyTorch's own float32 run is off in its worst parameter:
 * which parameter a kink hits is chance. A run that is itself far off is no yardstick: then the case is too
 * ill-conditioned.
 */
export type Tolerance = 'fixed' | 'derived';
const ownErrorMultiple = 3;
const largestYardstick = 0.02;

/** PyTorch in float64, and in float32 where its error is a yardstick. */
async function judges(python: string, job: MirrorJob, data: MirrorData, tolerance: Tolerance) {
  if (tolerance === 'fixed') return { judge: (await runMirror(python, job, data, ['float64'])).float64, peer: null };
  const { float64, float32 } = await runMirror(python, job, data, ['float64', 'float32']);
  return { judge: float64, peer: float32 };
}

/** The fixed bound, or what PyTorch's own errors allow. */
function boundFor(t: Assertions, fixed: number, ownErrors: readonly number[]): number {
  const worst = Math.max(0, ...ownErrors);
  t.ok(worst < largestYardstick, `PyTorch's own float32 errors are at most ${worst.toExponential(1)}`);
  return Math.max(fixed, ownErrorMultiple * worst);
}

/** Where each parameter's values lie among all of them, in order. */
function rangesOf(parameters: readonly { dims: readonly number[] }[]): (readonly [start: number, end: number])[] {
  let end = 0;
  return parameters.map(({ dims }) => {
    const start = end;
    end += elementCount(dims);
    return [start, end] as const;
  });
}

/** Loss and every parameter gradient against PyTorch in float64. */
export async function checkGradients(
  t: Assertions,
  python: string,
  config: TrainingConfig,
  draw: ParameterDraw = drawGeneric,
  tolerance: Tolerance = 'fixed',
): Promise<void> {
  const network = networkNamed(config.network);
  const model = buildGradientModel((tape) => network.forward(tape, config));
  const [inputSpec, labelSpec] = model.inputs as [(typeof model.inputs)[0], (typeof model.inputs)[0]];
  const random = new MersenneTwister(17);
  const parameters = model.parameters.map(({ name, dims }) => draw(name, dims, random));
  const { inputs, labels } = randomBatch(config, model.inputs, random);
  const job = { ...config, task: 'gradients', parameterDims: model.parameters.map(({ dims }) => dims) } as const;
  const { judge, peer } = await judges(python, job, { parameters, inputs, inputSpec, labels, labelSpec }, tolerance);

  const session = await ort.InferenceSession.create(model.model, { ...asMeasured, intraOpNumThreads: 1 });
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
  const largest = largestMagnitude(judge.values);
  const ranges = rangesOf(model.parameters);
  const errorOf = (actual: ArrayLike<number>, index: number) =>
    relativeError(actual, judge.values.subarray(...ranges[index]!), 1e-3 * largest);
  const ownErrors = peer ? ranges.map((range, index) => errorOf(peer.values.subarray(...range), index)) : [];
  const bound = boundFor(t, 1e-4, ownErrors);
  model.parameters.forEach(({ name, gradientOutput }, index) => {
    const error = errorOf(results[gradientOutput]!.data as Float32Array, index);
    t.ok(error < bound, `${name}: relative error ${error.toExponential(1)}, bound ${bound.toExponential(1)}`);
  });
  t.equal(ranges.at(-1)![1], judge.values.length, 'number of gradients');
  await session.release();
}

function largestMagnitude(values: Float32Array | Float64Array): number {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  return largest;
}

/** Means near 0 and variances near 1, none at them. */
const drawStatistics: ParameterDraw = (name, dims, random) =>
  drawEach(dims, () => {
    const deviate = uniformDeviate(random);
    return name.endsWith('.running_var') ? 1 + 0.3 * deviate : 0.3 * deviate;
  });

/** Logits of the inference graph against PyTorch in float64, norms over the batch by running statistics. */
export async function checkLogits(t: Assertions, python: string, config: TrainingConfig): Promise<void> {
  const network = networkNamed(config.network);
  const random = new MersenneTwister(17);
  const drawn = { parameters: [] as Float32Array[], statistics: [] as Float32Array[] };
  let inputSpecs: readonly Tensor[] = [];
  const graph = buildInferenceModel(
    (tape) => {
      const tensors = network.forward(tape, config);
      inputSpecs = tensors.inputs;
      drawn.parameters = tape.parameters.map(({ name, dims }) => drawGeneric(name, dims, random));
      drawn.statistics = tape.buffers.map(({ state, dims }) => drawStatistics(state.name, dims, random));
      replaceStart(tape.parameters, drawn.parameters);
      replaceStart(tape.buffers, drawn.statistics);
      return tensors;
    },
    { seed: config.seed, statePath: 'state.bin' },
  );
  const [inputSpec, labelSpec] = inputSpecs as [Tensor, Tensor];
  const { inputs, labels } = randomBatch(config, inputSpecs, random);
  const job = { ...config, task: 'logits', parameterDims: graph.parameters.map(({ dims }) => dims) } as const;
  const { judge, peer } = await judges(python, job, { ...drawn, inputs, inputSpec, labels, labelSpec }, 'derived');

  const session = await ort.InferenceSession.create(graph.model, {
    externalData: [graph.state],
    intraOpNumThreads: 1,
  });
  const values = [tensorOf(inputs, inputSpec.dims), tensorOf(labels, labelSpec.dims)];
  const results = await session.run(Object.fromEntries(graph.inputs.map(({ name }, i) => [name, values[i]!])));
  await session.release();
  const logits = results[graph.logits.name]!;
  t.equal(elementCount(logits.dims), judge.values.length, 'number of logits');
  const error = relativeError(logits.data as Float32Array, judge.values);
  const bound = boundFor(t, 1e-5, [relativeError(peer!.values, judge.values)]);
  t.ok(error < bound, `logits: relative error ${error.toExponential(1)}, bound ${bound.toExponential(1)}`);
}

/** Lets values start from those that are given in place of the network's own. */
function replaceStart(declared: { initialise: Initialiser }[], values: readonly Float32Array[]): void {
  declared.forEach((value, index) => {
    declared[index] = { ...value, initialise: (start) => start.set(values[index] as Float32Array) };
  });
}

export interface OptimizerCase {
  optimizer: Optimizer;
  learningRate: number;
  /** Of the optimizer in torch.optim of the same name, or of the one that the mirror defines. */
  options: object;
  /** The largest step of a value, in learning rates; Adam's is about 1. */
  largestStep?: number;
}

/** ORION's form of it: the first step is g / sqrt((1 - beta2) g^2). */
export const adafactorCase = {
  optimizer: 'Adafactor',
  learningRate: 3e-6,
  options: { beta2: 0.999, eps: 1e-30 },
  largestStep: 1 / Math.sqrt(1 - 0.999),
} as const;

/** Ten steps of the optimizers that ORION trains networks on texts with. */
export const textOptimizers: readonly (OptimizerCase & { tolerance: Tolerance })[] = [
  { optimizer: 'AdamW', learningRate: 1e-4, options: { weight_decay: 0 }, tolerance: 'fixed' },
  { ...adafactorCase, tolerance: 'derived' },
];

/** Lets the parameters start from other values than the network's own. */
function startFrom(draw: ParameterDraw, { parameters }: Tape): void {
  parameters.forEach((parameter, index) => {
    parameters[index] = {
      ...parameter,
      initialise: (values, dims, random) => values.set(draw(parameter.name, dims, random)),
    };
  });
}

/**
 * Losses and movement of every parameter over ten optimizer steps against PyTorch in float64, from the network's initial
 * values or those that are drawn.
 */
export async function checkOptimizerSteps(
  t: Assertions,
  python: string,
  base: TrainingConfig,
  { optimizer, learningRate, options, largestStep = 1.1 }: OptimizerCase,
  draw?: ParameterDraw,
  tolerance: Tolerance = 'fixed',
): Promise<void> {
  const steps = 10;
  const config: TrainingConfig = { ...base, optimizer };
  const network = networkNamed(config.network);
  const forward = (tape: Tape) => {
    const tensors = network.forward(tape, config);
    if (draw) startFrom(draw, tape);
    return tensors;
  };
  const graph = buildTrainingModel(forward, {
    optimizer: optimizerRule(optimizer, network.family),
    seed: config.seed,
    finalParameters: true,
  });
  const { run, inputs, labels } = await trainer(graph, config);
  const train = async (trips: number) => {
    const results = await run(trips, learningRate);
    return {
      losses: results[graph.lossOutput]!.data as Float32Array,
      parameters: graph.parameters.map(({ name }) => results[finalParameterOutput(name)]!.data as Float32Array),
    };
  };
  const { parameters: before } = await train(0);
  const { parameters: after, losses } = await train(steps);
  const [inputSpec, labelSpec] = graph.inputs as [TrainingGraph['inputs'][0], TrainingGraph['inputs'][0]];
  const job = {
    ...config,
    task: 'steps',
    steps,
    optimizerOptions: { lr: learningRate, ...options },
    parameterDims: graph.parameters.map(({ dims }) => dims),
  } as const;
  const data = { parameters: before, inputs, inputSpec, labels, labelSpec };
  const { judge, peer } = await judges(python, job, data, tolerance);

  const lossError = relativeError(losses, judge.losses);
  const lossBound = boundFor(t, 1e-4, peer ? [relativeError(peer.losses, judge.losses)] : []);
  t.ok(
    lossError < lossBound,
    `losses: relative error ${lossError.toExponential(1)}, bound ${lossBound.toExponential(1)}`,
  );
  // A key's bias, a shift before a norm, a unit that ReLU blocks: all but SGD divide what rounding leaves by its own size.
  const normalises = optimizer !== 'SGD';
  const ranges = rangesOf(graph.parameters);
  const zerosOf = (index: number) => (normalises ? judge.zeroGradients!.subarray(...ranges[index]!) : null);
  const errorOf = (values: Float32Array | Float64Array, index: number) => {
    const start = before[index]!;
    const floor =
      roundingFloor * norm(start) + (normalises ? 0 : changeFloor * learningRate * judge.largestSmallestGradient!);
    return changeError(values, judge.values.subarray(...ranges[index]!), start, zerosOf(index), floor);
  };
  const ownErrors = peer ? ranges.map((range, index) => errorOf(peer.values.subarray(...range), index)) : [];
  const bound = boundFor(t, 1e-3, ownErrors);
  graph.parameters.forEach(({ name }, index) => {
    const error = errorOf(after[index]!, index);
    t.ok(
      error < bound,
      `${name}: relative error of the change ${error.toExponential(1)}, bound ${bound.toExponential(1)}`,
    );
    const zeros = zerosOf(index);
    if (!zeros?.includes(1)) return;
    const furthest = largestStep * steps * learningRate;
    t.ok(
      after[index]!.every((value, i) => !zeros[i] || Math.abs(value - before[index]![i]!) < furthest),
      `${name}: moves below ${furthest} where a gradient is zero`,
    );
  });
}

/** Of the step along the largest gradient: smaller changes by SGD are judged on that scale. */
const changeFloor = 0.01;

/** Of a parameter's norm: a change by less than a thousand roundings of its values is judged on that scale. */
const roundingFloor = 1000 * 2 ** -24;

const norm = (values: Float32Array) => Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0));

/**
 * Norm of the difference over the norm of the expected change, both from `start`: single elements with gradients near 0 may
 * differ under Adam. Elements with zero gradients are left out.
 */
function changeError(
  actual: Float32Array | Float64Array,
  expected: Float32Array | Float64Array,
  start: Float32Array,
  zeros: Uint8Array | null,
  floor: number,
): number {
  let difference = 0;
  let squares = 0;
  for (let i = 0; i < expected.length; i++) {
    if (zeros?.[i]) continue;
    difference += (actual[i]! - expected[i]!) ** 2;
    squares += (expected[i]! - start[i]!) ** 2;
  }
  return difference === 0 ? 0 : Math.sqrt(difference) / Math.max(Math.sqrt(squares), floor);
}

/** The loss on one batch falls at least tenfold over 50 steps. */
export async function checkLossFalls(t: Assertions, config: TrainingConfig, learningRate: number): Promise<void> {
  const graph = trainingGraph(config);
  const { run } = await trainer(graph, config);
  const losses = (await run(50, learningRate))[graph.lossOutput]!.data as Float32Array;
  t.equal(losses.length, 50, 'steps');
  t.ok(losses[49]! < losses[0]! / 10, `${losses[0]} -> ${losses[49]}`);
}

/** A session of the graph with one random batch; every run starts anew. */
export async function trainer(
  graph: TrainingGraph,
  config: TrainingConfig,
  options: ort.InferenceSession.SessionOptions = {},
) {
  const session = await ort.InferenceSession.create(graph.model, {
    externalData: [graph.state],
    ...asMeasured,
    intraOpNumThreads: 1,
    ...options,
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
  return { run, release: () => session.release(), inputs, labels };
}
