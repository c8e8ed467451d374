import ort from 'onnxruntime-node';
import t from 'tap';
import { MersenneTwister } from '#src/base/random.js';
import { buildGradientModel } from '#src/graph/gradients.js';
import { elementCount } from '#src/graph/shape.js';
import { networkNamed } from '#src/networks/index.js';
import type { TrainingConfig } from '#src/networks/types.js';
import { relativeError } from '../graph/evaluate.js';
import { pythonWith } from '../support/python.js';
import { randomBatch, tensorOf } from './batch.js';
import { runMirror } from './mirror.js';

const { python, skip } = pythonWith('torch', 'numpy');

const common = { optimizer: 'SGD', precision: 32, seed: 3, provider: 'cpu' } as const;
const configs: TrainingConfig[] = [
  { ...common, network: 'resnet50', batchSize: 8, imageShape: [3, 32, 32], classes: 10 },
  { ...common, network: 'resmlp', batchSize: 4, imageShape: [3, 32, 32], classes: 10, embedDim: 32, depth: 3 },
  { ...common, network: 'DistilBERT', batchSize: 3, sequenceLength: 16, vocabularySize: 50, classes: 2, depth: 2 },
];

/**
 * Weights of unit gain, scales near 1, small shifts: no parameter is at a special value. ResNet-50 needs more care: with
 * a million activations some are so near 0 that rounding decides which side of the ReLU they fall on, and a gradient
 * jumps (PyTorch's own in float32 and float64 differ by up to 8 %). So its norms shift by 3 deviations, up or down by
 * channel, and those that end a bottleneck have a small scale.
 */
function randomParameter(name: string, dims: readonly number[], random: MersenneTwister): Float32Array {
  const endsBlock = name.includes('expand.norm');
  const draw = (index: number): number => {
    // Uniform, with deviation 1: cheaper than a normal deviate, and ResNet-50 takes 23 million.
    const deviate = Math.sqrt(12) * (random.uint32() / 2 ** 32 - 0.5);
    if (dims.length > 1) return deviate / Math.sqrt(elementCount(dims.slice(1)));
    if (name.endsWith('.weight')) return (1 + 0.2 * deviate) * (endsBlock ? 0.2 : 1);
    if (/(reduce|spatial|shortcut|stem)\.norm/.test(name)) return index % 2 === 0 ? 3 : -3;
    return endsBlock ? 0.6 : 0.1 * deviate;
  };
  return Float32Array.from({ length: elementCount(dims) }, (_, index) => draw(index));
}

for (const config of configs) {
  t.test(`gradients of ${config.network} agree with PyTorch's in float64`, { skip }, async (t) => {
    const network = networkNamed(config.network);
    const model = buildGradientModel((tape) => network.forward(tape, config));
    const random = new MersenneTwister(17);
    const parameters = model.parameters.map(({ name, dims }) => randomParameter(name, dims, random));
    const { inputs, labels } = randomBatch(config, model.inputs[0]!.dims, random);
    const judge = runMirror(
      python!,
      {
        ...config,
        task: 'gradients',
        inputDims: model.inputs[0]!.dims,
        parameterDims: model.parameters.map(({ dims }) => dims),
      },
      { parameters, inputs, labels },
    );

    const session = await ort.InferenceSession.create(model.model, { intraOpNumThreads: 1 });
    const feeds = Object.fromEntries([
      [model.inputs[0]!.name, tensorOf(inputs, model.inputs[0]!.dims)],
      [model.inputs[1]!.name, tensorOf(labels, model.inputs[1]!.dims)],
      ...model.parameters.map(({ name, stateDims }, i) => [name, tensorOf(parameters[i]!, stateDims)]),
    ]);
    const results = await session.run(feeds);

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
    t.equal(start, judge.values.length);
  });
}
