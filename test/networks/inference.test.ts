import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import ort from 'onnxruntime-node';
import t from 'tap';
import { MersenneTwister } from '#src/base/random.js';
import { defaultConfig } from '#src/networks/defaults.js';
import { inferenceGraph, networks, trainingGraph } from '#src/networks/index.js';
import type { TrainingConfig } from '#src/networks/types.js';
import { relativeError } from '../graph/evaluate.js';
import { pythonWith, runPython } from '../support/python.js';
import { randomBatch, tensorOf } from './batch.js';
import { checkLogits } from './checks.js';
import { smallConfigs } from './small-configs.js';

const names = Object.keys(networks);
const torch = pythonWith('torch', 'numpy');
const onnx = pythonWith('onnx');
const opsetOfOnnx = onnx.python
  ? Number(runPython(onnx.python, 'import onnx; print(onnx.defs.onnx_opset_version())'))
  : 0;
const tooOld = opsetOfOnnx < 17 ? `this onnx package knows operators up to opset ${opsetOfOnnx}, not 17` : false;

for (const name of names) {
  t.test(`logits of ${name} agree with PyTorch's in evaluation mode`, { skip: torch.skip }, (t) =>
    checkLogits(t, torch.python!, smallConfigs[name]!),
  );
}

/** The values of the pieces of a state, by the names of what they start. */
function piecesOf({ state }: Pick<ReturnType<typeof trainingGraph>, 'state'>): Map<string, Buffer> {
  const { data, pieces } = state;
  return new Map(
    pieces.map(({ name, offsetBytes, lengthBytes }) => [
      name.replace(/[.]initial$/, ''),
      Buffer.from(data.buffer, data.byteOffset + offsetBytes, lengthBytes),
    ]),
  );
}

t.test('the weights are those that a training graph of the same seed starts from', (t) => {
  for (const name of ['mobilenetv2', 'DistilBERT']) {
    const config = smallConfigs[name]!;
    const graph = inferenceGraph(config);
    const [weights, start] = [piecesOf(graph), piecesOf(trainingGraph(config))];
    t.ok(
      graph.parameters.every((parameter) => weights.get(parameter.name)!.equals(start.get(parameter.name)!)),
      name,
    );
  }
  t.end();
});

t.test('running statistics start at mean 0 and variance 1, and are no parameters', (t) => {
  const graph = inferenceGraph(smallConfigs.resnet50!);
  const statistics = [...piecesOf(graph)].filter(([name]) => /running_(mean|var)$/.test(name));
  t.equal(statistics.length, 2 * 53);
  for (const [name, bytes] of statistics) {
    const values = new Float32Array(new Uint8Array(bytes).buffer);
    t.ok(
      values.every((value) => value === (name.endsWith('mean') ? 0 : 1)),
      name,
    );
  }
  t.same(graph.parameters, trainingGraph(smallConfigs.resnet50!).parameters);
  t.end();
});

t.test('only what the logits depend on is an input', (t) => {
  const inputs = (name: string) => inferenceGraph(smallConfigs[name]!).inputs.map((input) => input.name);
  t.same(inputs('resnet50'), ['images']);
  t.same(inputs('DistilBERT'), ['tokens']);
  t.same(inputs('Transformer'), ['source', 'target'], 'the decoder reads the target');
  t.end();
});

t.test('outputs that only a gradient reads are left out', (t) => {
  const outputsOf = (name: string, operator: string) =>
    inferenceGraph(smallConfigs[name]!)
      .graph.nodes.filter((node) => node.operator === operator)
      .map(({ outputs }) => outputs.length);
  t.same(outputsOf('vgg16', 'MaxPool'), Array(5).fill(1));
  t.same(outputsOf('ViT', 'LayerNormalization'), Array(3).fill(1));
  t.end();
});

t.test('ONNX Runtime folds every batch norm into the convolution before it', { skip: onnx.skip }, async (t) => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'orion-inference-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const optimised = path.join(folder, 'optimised.onnx');
  for (const name of ['resnet50', 'vgg16', 'mobilenetv2']) {
    const graph = inferenceGraph(smallConfigs[name]!);
    const session = await ort.InferenceSession.create(graph.model, {
      externalData: [graph.state],
      optimizedModelFilePath: optimised,
      logSeverityLevel: 3,
    });
    await session.release();
    const script =
      'import sys, onnx\n' +
      'nodes = onnx.load(sys.argv[1], load_external_data=False).graph.node\n' +
      'print(sum(node.op_type == "BatchNormalization" for node in nodes))';
    t.equal(runPython(onnx.python!, script, [optimised]).trim(), '0', name);
  }
});

t.test('precision 16: logits as in float32 but for rounding', async (t) => {
  const logitsOf = async (config: TrainingConfig) => {
    const graph = inferenceGraph(config);
    const specs = trainingGraph(config).inputs;
    const { inputs, labels } = randomBatch(config, specs, new MersenneTwister(5));
    const values = [inputs, labels].map((part, i) => tensorOf(part, specs[i]!.dims));
    const session = await ort.InferenceSession.create(graph.model, {
      externalData: [graph.state],
      intraOpNumThreads: 1,
      logSeverityLevel: 3,
    });
    const results = await session.run(Object.fromEntries(graph.inputs.map(({ name }, i) => [name, values[i]!])));
    await session.release();
    t.equal(results.logits!.type, 'float32');
    return results.logits!.data as Float32Array;
  };
  for (const name of ['mixer', 'DistilBERT', 'ViT']) {
    const config = smallConfigs[name]!;
    const error = relativeError(await logitsOf({ ...config, precision: 16 }), await logitsOf(config));
    // Roundings to 11 bits, some tens in a row, mostly cancel; one at least must be seen.
    t.ok(error > 2 ** -16 && error < 8 * 2 ** -11, `${name}: ${error.toExponential(1)}`);
  }
});

t.test("ONNX's checker accepts every default inference graph", { skip: onnx.skip || tooOld }, (t) => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'orion-inference-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const script = 'import sys, onnx\nfor path in sys.argv[1:]: onnx.checker.check_model(path, full_check=True)';
  for (const name of names) {
    const { model, state } = inferenceGraph(defaultConfig(name));
    const file = path.join(folder, `${name}.onnx`);
    writeFileSync(file, model);
    writeFileSync(path.join(folder, state.path), '');
    truncateSync(path.join(folder, state.path), state.lengthBytes);
    t.doesNotThrow(() => runPython(onnx.python!, script, [file]), name);
  }
  t.end();
});
