import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import ort from 'onnxruntime-node';
import t from 'tap';
import { InputError } from '#src/base/errors.js';
import { packageRoot } from '#src/base/package.js';
import { MersenneTwister } from '#src/base/random.js';
import { defaultConfig } from '#src/networks/defaults.js';
import { networks, trainingGraph, workload } from '#src/networks/index.js';
import type { TrainingConfig } from '#src/networks/types.js';
import { type ExportOptions, exportGraphs, networksNamed } from '#src/pipeline/export.js';
import { OutputFolder } from '#src/pipeline/output-folder.js';
import { randomBatch, tensorOf } from '../networks/batch.js';
import { pythonWith, runPython } from '../support/python.js';

const folder = mkdtempSync(path.join(os.tmpdir(), 'orion-export-'));
t.teardown(() => rmSync(folder, { recursive: true, force: true }));
const out = new OutputFolder(folder);
const onnx = pythonWith('onnx');

t.test('models/graphs holds what export writes, byte for byte', (t) => {
  exportGraphs(out, 'graphs', ['all']);
  const kept = path.join(packageRoot, 'models', 'graphs');
  const made = out.file('graphs');
  t.same(readdirSync(kept).sort(), readdirSync(made).sort(), 'run node scripts/models.mjs');
  for (const name of readdirSync(made)) {
    const same = readFileSync(path.join(made, name)).equals(readFileSync(path.join(kept, name)));
    t.ok(same, `${name}: run node scripts/models.mjs where it differs`);
  }
  t.end();
});

t.test('names without regard to case, and all', (t) => {
  t.same(networksNamed(['distilbert', 'ResNet50', 'DistilBERT']), ['DistilBERT', 'resnet50']);
  t.same(networksNamed(['ALL']), Object.keys(networks));
  t.end();
});

t.test('a description worked by hand: one block of resmlp', (t) => {
  const options = { depth: 1, batchSize: 2, optimizer: 'SGD', seed: 7 } as const;
  const { files, description } = exportGraphs(out, 'small', ['resmlp'], options)[0]!;
  t.same(files, [out.file('small', 'resmlp.onnx'), out.file('small', 'resmlp.json')], 'no weights unless asked for');
  t.same(JSON.parse(readFileSync(files[1]!, 'utf8')), description);
  // Patches 8 x 8 of 32 x 32 x 3: P = 16, 192 values each; D = 128. Embedding, norms, patches, channels, head.
  const parameters =
    192 * 128 + 128 + 2 * (2 * 128) + (16 * 16 + 16) + (128 * 512 + 512) + (512 * 128 + 128) + (128 * 100 + 100);
  t.equal(description.parameter_count, parameters);
  // A multiply-add is two: embedding 16 x 192 x 128, across patches 128 x 16 x 16, channels 2 x 16 x 128 x 512, head.
  const linear = 2 * (16 * 192 * 128 + 128 * 16 * 16 + 2 * 16 * 128 * 512 + 128 * 100);
  t.equal(description.flops.forward_per_sample_by_kind.linear, linear);
  t.equal(description.flops.training_per_sample, 3 * description.flops.forward_per_sample);
  t.equal(description.state.file, 'resmlp.bin');
  const [first, second] = description.state.pieces;
  t.same(first, {
    name: 'embedding.weight.initial',
    dims: [1, 128 * 192],
    offset_bytes: 0,
    length_bytes: 4 * 128 * 192,
    start: 'uniform within 1 / sqrt(fan-in)',
  });
  t.same(second, {
    name: 'embedding.weight.momentum.initial',
    dims: [1, 128 * 192],
    offset_bytes: 4 * 128 * 192,
    length_bytes: 4 * 128 * 192,
    start: 'zeros',
  });
  t.equal(description.settings.image_shape, '3x32x32');
  t.equal(description.settings.seed, '7');
  t.end();
});

t.test('forward FLOPs of resnet50 are those of its record', (t) => {
  const { description } = exportGraphs(out, 'resnet50', ['resnet50'])[0]!;
  const { convolution, linear } = description.flops.forward_per_sample_by_kind;
  t.equal(convolution! + linear!, workload(defaultConfig('resnet50')).flops_fwd_per_sample);
  t.end();
});

t.test('the onnx package reads in the file what the description says', { skip: onnx.skip }, (t) => {
  const script = [
    'import sys, json, collections, onnx',
    'model = onnx.load(sys.argv[1], load_external_data=False)',
    'counts = collections.Counter()',
    'def visit(graph):',
    '  for node in graph.node:',
    '    counts[f"{node.domain}:{node.op_type}" if node.domain else node.op_type] += 1',
    '    for attribute in node.attribute:',
    '      if attribute.HasField("g"): visit(attribute.g)',
    'visit(model.graph)',
    'pieces = []',
    'for value in model.graph.initializer:',
    '  place = {entry.key: entry.value for entry in value.external_data}',
    '  pieces.append([value.name, list(value.dims), int(place["offset"]), int(place["length"]), place["location"]])',
    'print(json.dumps({"operators": counts, "pieces": pieces, "doc": bool(model.graph.doc_string and model.doc_string),',
    '  "properties": {p.key: p.value for p in model.metadata_props}, "producer": [model.producer_name, model.producer_version],',
    '  "inputs": [i.name for i in model.graph.input], "outputs": [o.name for o in model.graph.output]}))',
  ].join('\n');
  const { files, description } = exportGraphs(out, 'read', ['DistilBERT'], { depth: 1 })[0]!;
  const found = JSON.parse(runPython(onnx.python!, script, [files[0]!]));
  const { state } = description;
  t.same(found, {
    operators: description.operators,
    pieces: state.pieces.map((p) => [p.name, p.dims, p.offset_bytes, p.length_bytes, state.file]),
    doc: true,
    properties: { ...description.settings, opset: '17' },
    producer: ['orion-bench', description.orion_version],
    inputs: description.inputs.map(({ name }) => name),
    outputs: description.outputs.map(({ name }) => name),
  });
  t.equal(
    description.node_count,
    Object.values(description.operators).reduce((sum, count) => sum + count, 0),
  );
  t.end();
});

t.test('with its weights a graph runs from its files as it does in memory', async (t) => {
  const options = { depth: 1, batchSize: 2, embedDim: 16, weights: true };
  const { files, description } = exportGraphs(out, 'weights', ['resmlp'], options)[0]!;
  t.same(
    files.map((file) => path.basename(file)),
    ['resmlp.onnx', 'resmlp.json', 'resmlp.bin'],
  );
  t.equal(readFileSync(files[2]!).byteLength, description.state.bytes);
  const { weights, ...sizes } = options;
  const config: TrainingConfig = { ...defaultConfig('resmlp'), ...sizes };
  const graph = trainingGraph(config);
  const threads = { intraOpNumThreads: 1 };
  const { inputs, labels } = randomBatch(config, graph.inputs, new MersenneTwister(1));
  const [images, classes] = graph.inputs;
  const feeds = {
    [graph.tripInput]: new ort.Tensor('int64', [3n], []),
    [graph.learningRateInput]: new ort.Tensor('float32', [1e-3], []),
    [images!.name]: tensorOf(inputs, images!.dims),
    [classes!.name]: tensorOf(labels, classes!.dims),
  };
  const losses: number[][] = [];
  for (const session of [
    await ort.InferenceSession.create(files[0]!, threads),
    await ort.InferenceSession.create(graph.model, { ...threads, externalData: [graph.state] }),
  ]) {
    losses.push([...((await session.run(feeds))[graph.lossOutput]!.data as Float32Array)]);
    await session.release();
  }
  t.ok(losses[0]!.every(Number.isFinite), `losses ${losses[0]}`);
  t.same(losses[0], losses[1]);
});

t.test('an inference graph: batch in, logits out, neither labels nor optimizer state', (t) => {
  const { description } = exportGraphs(out, 'inference', ['resnet50'], { mode: 'inference', batchSize: 2 })[0]!;
  const training = exportGraphs(out, 'training', ['resnet50'], { batchSize: 2 })[0]!.description;
  t.equal(description.mode, 'inference');
  t.same(description.inputs, [{ name: 'images', dtype: 'float32', dims: [2, 3, 64, 64], meaning: 'batch' }]);
  t.same(description.outputs, [{ name: 'logits', dtype: 'float32', dims: [2, 200], meaning: 'logits' }]);
  t.equal(description.parameter_count, training.parameter_count);
  t.notOk('optimizer' in description.settings);
  t.notOk('training_per_sample' in description.flops);
  t.notOk(description.forward_per_batch.by_kind.some(({ kind }) => kind === 'loss'));
  const pieces = new Map(description.state.pieces.map(({ name, start }) => [name, start]));
  t.equal(pieces.size, 161 + 2 * 53, 'parameters, and mean and variance of each norm');
  t.equal(pieces.get('stem.norm.running_mean'), 'constant 0');
  t.equal(pieces.get('stem.norm.running_var'), 'constant 1');
  t.end();
});

t.test('options take the place of defaults', (t) => {
  const settingsOf = (name: string, options: ExportOptions) =>
    exportGraphs(out, 'options', [name], options)[0]!.description;
  const tiny = settingsOf('resmlp', { dataset: 'tinyimagenet', depth: 1, provider: 'cuda', optimizer: 'Adam' });
  t.equal(tiny.dataset, 'TinyImageNet');
  t.match(tiny.settings, { image_shape: '3x64x64', classes: '200', provider: 'cuda', optimizer: 'Adam', depth: '1' });
  t.match(settingsOf('resmlp', { imageSize: 48, depth: 1 }).settings, { image_shape: '3x48x48', classes: '100' });
  const text = settingsOf('DistilBERT', { sequenceLength: 16, vocabularySize: 50, depth: 1 });
  t.same(text.inputs.find(({ name }) => name === 'tokens')?.dims, [8, 16]);
  t.end();
});

const mistakes: { name: string; options: ExportOptions; message: RegExp }[] = [
  { name: 'resnet50', options: { embedDim: 64 }, message: /--embed-dim is for MLP networks, not for resnet50/ },
  { name: 'resnet50', options: { depth: 2 }, message: /--depth is for MLP and Transformer networks/ },
  { name: 'DistilBERT', options: { imageSize: 32 }, message: /--image-size is for networks that read images/ },
  { name: 'resmlp', options: { sequenceLength: 8 }, message: /--seq-len is for networks that read text/ },
  { name: 'DistilBERT', options: { targetLength: 8 }, message: /--tgt-len is for networks that write text/ },
  { name: 'resmlp', options: { vocabularySize: 8 }, message: /--vocab-size is for networks that read text/ },
  { name: 'resnet50', options: { dataset: 'CIFAR100' }, message: /resnet50 is not measured on it; choose from TinyIm/ },
  { name: 'resnet50', options: { dataset: 'MNIST' }, message: /Unknown data set 'MNIST'/ },
  {
    name: 'resmlp',
    options: { mode: 'inference', optimizer: 'SGD' },
    message: /--optimizer is for training graphs, and --mode inference makes none/,
  },
  { name: 'resmlp', options: { imageSize: 30 }, message: /30 x 30 is not a multiple/ },
];
for (const { name, options, message } of mistakes) {
  t.test(`refuses ${name} with ${JSON.stringify(options)}`, (t) => {
    t.throws(() => exportGraphs(out, 'mistakes', [name], options), { constructor: InputError, message });
    t.end();
  });
}
