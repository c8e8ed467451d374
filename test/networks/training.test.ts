import { writeFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { elementCount } from '#src/graph/shape.js';
import { trainingGraph } from '#src/networks/index.js';
import type { TrainingConfig } from '#src/networks/types.js';
import { pythonWith, runPython } from '../support/python.js';
import { trainer } from './checks.js';

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
const transformer: TrainingConfig = {
  ...common,
  network: 'Transformer',
  optimizer: 'AdamW',
  batchSize: 2,
  sequenceLength: 8,
  targetLength: 6,
  vocabularySize: 50,
  classes: 50,
  depth: 1,
};

t.test('the learning rate is an input: zero leaves the loss as it is', async (t) => {
  const graph = trainingGraph(resmlp);
  const { run } = await trainer(graph, resmlp);
  const losses = (await run(3, 0))[graph.lossOutput]!.data as Float32Array;
  t.equal(losses[1], losses[0]);
  t.equal(losses[2], losses[0]);
});

t.test('a model is reproducible byte for byte, and its weights follow the seed', (t) => {
  for (const config of [resmlp, distilbert, transformer]) {
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
  for (const config of [resmlp, distilbert, resnet50, transformer]) {
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
    for (const config of [resmlp, distilbert, resnet50, transformer]) {
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
