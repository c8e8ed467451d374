import { writeFileSync } from 'node:fs';
import path from 'node:path';
import ort from 'onnxruntime-node';
import t from 'tap';
import { MersenneTwister } from '#src/base/random.js';
import { elementCount } from '#src/graph/shape.js';
import { buildTrainingModel, finalParameterOutput } from '#src/graph/training.js';
import { networkNamed, trainingGraph } from '#src/networks/index.js';
import { optimizerRule } from '#src/networks/optimizers.js';
import type { Optimizer, TrainingConfig, TrainingGraph } from '#src/networks/types.js';
import { relativeError } from '../graph/evaluate.js';
import { pythonWith, runPython } from '../support/python.js';
import { randomBatch, tensorOf } from './batch.js';
import { runMirror } from './mirror.js';

const common = { precision: 32, seed: 3, provider: 'cpu' } as const;
const resnet50: TrainingConfig = {
  ...common,
  network: 'resnet50',
  optimizer: 'SGD',
  batchSize: 4,
  imageShape: [3, 32, 32],
  classes: 10,
};
const resmlp: TrainingConfig = {
  ...common,
  network: 'resmlp',
  optimizer: 'SGD',
  batchSize: 8,
  imageShape: [3, 32, 32],
  classes: 10,
  embedDim: 32,
  depth: 2,
};
const distilbert: TrainingConfig = {
  ...common,
  network: 'DistilBERT',
  optimizer: 'AdamW',
  batchSize: 4,
  sequenceLength: 16,
  vocabularySize: 50,
  classes: 2,
  depth: 2,
};

async function trainer(graph: TrainingGraph, config: TrainingConfig) {
  const session = await ort.InferenceSession.create(graph.model, {
    externalData: [graph.state],
    intraOpNumThreads: 1,
    executionMode: 'sequential',
  });
  const [samples, labelSpec] = graph.inputs as [TrainingGraph['inputs'][0], TrainingGraph['inputs'][0]];
  const { inputs, labels } = randomBatch(config, samples.dims, new MersenneTwister(23));
  const run = (trips: number, learningRate: number) =>
    session.run({
      [graph.tripInput]: new ort.Tensor('int64', [BigInt(trips)], []),
      [graph.learningRateInput]: new ort.Tensor('float32', [learningRate], []),
      [samples.name]: tensorOf(inputs, samples.dims),
      [labelSpec.name]: tensorOf(labels, labelSpec.dims),
    });
  return { run, inputs, labels, inputDims: samples.dims };
}

for (const { config, learningRate } of [
  { config: resnet50, learningRate: 0.01 },
  { config: resmlp, learningRate: 0.05 },
  { config: distilbert, learningRate: 1e-3 },
]) {
  t.test(`the loss of ${config.network} falls at least tenfold over 50 steps on one batch`, async (t) => {
    const graph = trainingGraph(config);
    const { run } = await trainer(graph, config);
    const losses = (await run(50, learningRate))[graph.lossOutput]!.data as Float32Array;
    t.equal(losses.length, 50);
    t.ok(losses[49]! < losses[0]! / 10, `${losses[0]} -> ${losses[49]}`);
  });
}

const { python, skip } = pythonWith('torch', 'numpy');
const optimizers: { optimizer: Optimizer; learningRate: number; optimizerOptions: object }[] = [
  { optimizer: 'SGD', learningRate: 0.05, optimizerOptions: { momentum: 0.9, weight_decay: 5e-4 } },
  { optimizer: 'AdamW', learningRate: 1e-3, optimizerOptions: { weight_decay: 0.05 } },
  { optimizer: 'Adam', learningRate: 1e-3, optimizerOptions: {} },
];
for (const { optimizer, learningRate, optimizerOptions } of optimizers) {
  t.test(`six steps of ${optimizer} agree with PyTorch's in float64`, { skip }, async (t) => {
    const steps = 6;
    const config: TrainingConfig = { ...resmlp, optimizer };
    const network = networkNamed(config.network);
    const graph = buildTrainingModel((tape) => network.forward(tape, config), {
      optimizer: optimizerRule(optimizer, network.family),
      seed: config.seed,
      finalParameters: true,
    });
    const { run, inputs, labels, inputDims } = await trainer(graph, config);
    const parametersAfter = async (trips: number) => {
      const results = await run(trips, learningRate);
      return graph.parameters.map(({ name }) => results[finalParameterOutput(name)]!.data as Float32Array);
    };

    const before = await parametersAfter(0);
    const after = await parametersAfter(steps);
    const losses = (await run(steps, learningRate))[graph.lossOutput]!.data as Float32Array;
    const judge = runMirror(
      python!,
      {
        ...config,
        task: 'steps',
        steps,
        optimizerOptions: { lr: learningRate, ...optimizerOptions },
        inputDims,
        parameterDims: graph.parameters.map(({ dims }) => dims),
      },
      { parameters: before, inputs, labels },
    );

    const lossError = relativeError(losses, judge.losses);
    t.ok(lossError < 1e-4, `losses: relative error ${lossError.toExponential(1)}`);
    let start = 0;
    graph.parameters.forEach(({ name, dims }, index) => {
      const expected = judge.values.subarray(start, start + elementCount(dims));
      start += expected.length;
      const moved = after[index]!.map((value, i) => value - before[index]![i]!);
      const expectedMoves = expected.map((value, i) => value - before[index]![i]!);
      // Adam divides a gradient by its own size, so rounding of a gradient near 0 shows in full.
      const error = relativeError(moved, expectedMoves);
      t.ok(error < 5e-3, `${name}: relative error of the change ${error.toExponential(1)}`);
    });
  });
}

t.test('the learning rate is an input: zero leaves the loss as it is', async (t) => {
  const graph = trainingGraph(resmlp);
  const { run } = await trainer(graph, resmlp);
  const losses = (await run(3, 0))[graph.lossOutput]!.data as Float32Array;
  t.equal(losses[1], losses[0]);
  t.equal(losses[2], losses[0]);
});

t.test('a model is reproducible byte for byte, and its weights follow the seed', (t) => {
  for (const config of [resmlp, distilbert]) {
    const [first, second] = [trainingGraph(config), trainingGraph(config)];
    t.ok(Buffer.from(first.model).equals(second.model), `model of ${config.network}`);
    t.ok(Buffer.from(first.state.data).equals(second.state.data), `state of ${config.network}`);
  }
  const other = trainingGraph({ ...resmlp, seed: 4 });
  t.ok(Buffer.from(other.model).equals(trainingGraph(resmlp).model), 'the seed changes no node');
  t.notOk(Buffer.from(other.state.data).equals(trainingGraph(resmlp).state.data), 'the seed changes the weights');
  t.end();
});

t.test('no weights travel in the model', (t) => {
  const { model, state, parameters } = trainingGraph({ ...resmlp, embedDim: 256 });
  const parameterBytes = 4 * parameters.reduce((sum, { dims }) => sum + elementCount(dims), 0);
  t.ok(state.data.byteLength >= 2 * parameterBytes, 'parameters and momentum');
  t.ok(model.byteLength < parameterBytes / 20, `${model.byteLength} bytes`);
  t.end();
});

const onnx = pythonWith('onnx');
const opsetOfOnnx = onnx.python
  ? Number(runPython(onnx.python, 'import onnx; print(onnx.defs.onnx_opset_version())'))
  : 0;
const tooOld = opsetOfOnnx < 17 ? `this onnx package knows operators up to opset ${opsetOfOnnx}, not 17` : false;

t.test("ONNX's checker accepts the models", { skip: onnx.skip || tooOld }, (t) => {
  const folder = t.testdir();
  const script = 'import sys, onnx\nfor path in sys.argv[1:]: onnx.checker.check_model(path, full_check=True)';
  for (const config of [resmlp, distilbert, resnet50]) {
    const { model, state } = trainingGraph(config);
    const modelFile = path.join(folder, `${config.network}.onnx`);
    writeFileSync(modelFile, model);
    writeFileSync(path.join(folder, state.path), state.data);
    t.doesNotThrow(() => runPython(onnx.python!, script, [modelFile]), config.network);
  }
  t.end();
});

t.test(
  'the onnx package reads a model back: its surface, and each value made before it is used',
  { skip: onnx.skip },
  (t) => {
    const script = [
      'import sys, json, base64, onnx',
      'model = onnx.load_from_string(base64.b64decode(sys.stdin.read()))',
      'loop = model.graph.node[0]',
      'body = loop.attribute[0].g',
      'known = {v.name for v in [*model.graph.input, *model.graph.initializer, *body.input, *body.initializer]} | {""}',
      'early = []',
      'for node in body.node:',
      '  early += [name for name in node.input if name not in known]',
      '  known |= set(node.output)',
      'print(json.dumps({"opsets": {o.domain: o.version for o in model.opset_import}, "early": early,',
      '  "inputs": [v.name for v in model.graph.input], "outputs": [v.name for v in model.graph.output],',
      '  "operator": loop.op_type, "state": len(model.graph.initializer),',
      '  "external": all(i.data_location == 1 and not i.raw_data for i in model.graph.initializer),',
      '  "missing": [v.name for v in body.output if v.name not in known],',
      '  "unique": len({n.name for n in body.node}) == len(body.node)}))',
    ].join('\n');
    for (const config of [resmlp, distilbert, resnet50]) {
      const graph = trainingGraph(config);
      const found = JSON.parse(runPython(onnx.python!, script, [], Buffer.from(graph.model).toString('base64')));
      t.same(found, {
        opsets: { '': 17, 'com.microsoft': 1 },
        early: [],
        inputs: [graph.tripInput, graph.learningRateInput, ...graph.inputs.map(({ name }) => name)],
        outputs: [graph.lossOutput],
        operator: 'Loop',
        state: graph.parameters.length * (config.optimizer === 'SGD' ? 2 : 3),
        external: true,
        missing: [],
        unique: true,
      });
    }
    t.end();
  },
);
