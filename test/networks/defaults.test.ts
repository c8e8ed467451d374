import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import t from 'tap';
import { packageRoot } from '#src/base/package.js';
import { catalogue } from '#src/data/catalogue.js';
import { opsets } from '#src/graph/onnx/encode.js';
import type { ElementType, OnnxGraph, OnnxNode } from '#src/graph/onnx/types.js';
import { defaultConfig, defaultGraphs } from '#src/networks/defaults.js';
import { nodesOf } from '#src/networks/description.js';
import { inferenceGraph, networks, trainingGraph } from '#src/networks/index.js';
import { optimizers, type TrainingConfig } from '#src/networks/types.js';
import { pythonWith, runPython } from '../support/python.js';

const names = Object.keys(networks);

t.test('every network has a default graph, of a data set that it is measured on', (t) => {
  for (const name of names) {
    const entry = defaultGraphs[name];
    t.ok(entry, `${name} has an entry in src/networks/defaults.ts`);
    if (!entry) continue;
    t.ok(networks[name]!.datasets.includes(entry.dataset), `${name} on ${entry.dataset}`);
    const set = catalogue.find((candidate) => candidate.name === entry.dataset);
    if (!set?.shape) continue;
    const [channels, height, width] = set.shape;
    const size = networks[name]!.imageSize;
    t.same(entry.config.imageShape, [channels, size ?? height, size ?? width], `${name}: image shape`);
    t.equal(entry.config.classes, set.classes, `${name}: classes`);
  }
  t.end();
});

t.test('names in a graph are unique, and so are those of its values', (t) => {
  for (const name of names) {
    const { graph } = trainingGraph(defaultConfig(name));
    const nodes = nodesOf(graph);
    t.equal(new Set(nodes.map((node) => node.name)).size, nodes.length, `${name}: nodes`);
    const values = nodes.flatMap(({ outputs }) => outputs.filter(Boolean));
    t.equal(new Set(values).size, values.length, `${name}: values`);
    t.notOk(
      nodes.some((node) => node.name === ''),
      `${name}: no node without a name`,
    );
  }
  t.end();
});

t.test('a graph stays small: no weights, no large constants', (t) => {
  for (const name of names) {
    const { model } = trainingGraph(defaultConfig(name));
    t.ok(model.byteLength < 4e6, `${name}: ${model.byteLength} bytes`);
  }
  t.end();
});

t.test('every parameter says how it is drawn', (t) => {
  for (const name of names) {
    const { state } = trainingGraph(defaultConfig(name));
    const unnamed = state.pieces.filter(({ rule }) => rule.includes('without a name')).map((piece) => piece.name);
    t.same(unnamed, [], `${name}: an initialiser of src/graph/initialise.ts has its rule`);
  }
  t.end();
});

const onnx = pythonWith('onnx');
const opsetOfOnnx = onnx.python
  ? Number(runPython(onnx.python, 'import onnx; print(onnx.defs.onnx_opset_version())'))
  : 0;
const tooOld = opsetOfOnnx < 17 ? `this onnx package knows operators up to opset ${opsetOfOnnx}, not 17` : false;

/** Writes models and files of zeros in place of their initial states. */
function writeModels(folder: string, configs: readonly TrainingConfig[]): string[] {
  return configs.map((config) => {
    const { model, state } = trainingGraph(config);
    const file = path.join(folder, `${config.network}.onnx`);
    writeFileSync(file, model);
    writeFileSync(path.join(folder, state.path), '');
    truncateSync(path.join(folder, state.path), state.lengthBytes);
    return file;
  });
}

t.test("ONNX's checker accepts every default graph, types and shapes included", { skip: onnx.skip || tooOld }, (t) => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'orion-graphs-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const script = [
    'import sys, onnx',
    'for path in sys.argv[1:]:',
    '  try: onnx.checker.check_model(path, full_check=True); print("accepted")',
    '  except Exception as error: print(str(error).splitlines()[0])',
  ].join('\n');
  const files = writeModels(
    folder,
    names.map((name) => defaultConfig(name)),
  );
  const verdicts = runPython(onnx.python!, script, files).trim().split('\n');
  t.same(
    Object.fromEntries(names.map((name, index) => [name, verdicts[index]])),
    Object.fromEntries(names.map((name) => [name, 'accepted'])),
  );
  t.end();
});

t.test('the shapes that a graph states are those that onnx infers', { skip: onnx.skip || tooOld }, (t) => {
  // A wrong shape behind a FusedMatMul, which onnx does not know, must be seen: stated shapes carry inference across it.
  const script = [
    'import sys, onnx, base64',
    'model = onnx.load_from_string(base64.b64decode(sys.stdin.read()))',
    'body = model.graph.node[0].attribute[0].g',
    'made = {o: n for n in body.node for o in n.output}',
    'after = {o for n in body.node if n.domain for o in n.output}',
    'behind = next(n for n in body.node if n.op_type == "Softmax" and made[n.input[0]].input[0] in after)',
    'value = next(v for v in body.value_info if v.name == behind.output[0])',
    'def verdict():',
    '  try: onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True); return "accepted"',
    '  except Exception as error: return "refused"',
    'first = verdict()',
    'value.type.tensor_type.shape.dim[0].dim_value += 1',
    'print(first, verdict())',
  ].join('\n');
  const { model } = trainingGraph(defaultConfig('DistilBERT'));
  t.equal(runPython(onnx.python!, script, [], Buffer.from(model).toString('base64')).trim(), 'accepted refused');
  t.end();
});

/** A row of models/onnxruntime-1.30-cuda-kernels.json. */
interface Kernel {
  domain: string;
  operator: string;
  /** First and last opset; null has no end. */
  opsets: [number, number | null];
  /** Names of type constraints; one with dots stands for any number of inputs. */
  inputs: string[];
  outputs: string[];
  types: Record<string, string[]>;
}

const { kernels } = JSON.parse(
  readFileSync(path.join(packageRoot, 'models', 'onnxruntime-1.30-cuda-kernels.json'), 'utf8'),
) as { kernels: Kernel[] };

t.test('every operator of the graphs has a CUDA kernel for the element types that it is used with', (t) => {
  const cases: TrainingConfig[] = [
    ...names.map((name) => defaultConfig(name, 'cuda')),
    ...names.map((name): TrainingConfig => ({ ...defaultConfig(name, 'cuda'), precision: 16 })),
    ...optimizers.map((optimizer) => ({ ...defaultConfig('resmlp', 'cuda'), depth: 1, optimizer })),
  ];
  for (const config of cases) {
    const label = `${config.network}, ${config.optimizer}, precision ${config.precision}`;
    t.same(withoutKernel(trainingGraph(config).graph, kernels), [], label);
    t.same(withoutKernel(inferenceGraph(config).graph, kernels), [], `${label}, inference`);
  }
  t.end();
});

t.test('an operator or element type without a kernel is noticed', (t) => {
  const { graph } = trainingGraph({ ...defaultConfig('resmlp', 'cuda'), depth: 1 });
  const fewer = kernels
    .filter(({ operator }) => operator !== 'Erf')
    .map((kernel) => (kernel.operator === 'Equal' ? { ...kernel, types: { ...kernel.types, T: ['bool'] } } : kernel));
  t.same(withoutKernel(graph, fewer), ['Erf (float32)']);
  const { graph: text } = trainingGraph({ ...defaultConfig('DistilBERT', 'cuda'), depth: 1 });
  t.ok(withoutKernel(text, fewer).includes('Equal (int64, int64)'));
  t.end();
});

/** The operators of a graph, with the types of their inputs, that no kernel fits. */
function withoutKernel(graph: OnnxGraph, table: readonly Kernel[]): string[] {
  const types = typesOf(graph);
  const typesIn = (values: readonly string[]) => values.filter(Boolean).map((value) => types.get(value) ?? value);
  const lacking = nodesOf(graph).filter((node) => !table.some((kernel) => fits(kernel, node, types)));
  return [...new Set(lacking.map((node) => `${node.operator} (${typesIn(node.inputs).join(', ')})`))].sort();
}

function typesOf(graph: OnnxGraph): Map<string, ElementType> {
  const all = [...graph.inputs, ...graph.outputs, ...(graph.values ?? []), ...graph.initialisers];
  const inner = graph.nodes
    .flatMap(({ attributes }) => Object.values(attributes))
    .flatMap((attribute) => ('graph' in attribute ? [...typesOf(attribute.graph)] : []));
  return new Map([...all.map(({ name, type }) => [name, type] as const), ...inner]);
}

function fits(kernel: Kernel, node: OnnxNode, types: ReadonlyMap<string, ElementType>): boolean {
  const [first, last] = kernel.opsets;
  const opset = opsets[node.domain]!;
  if (kernel.domain !== node.domain || kernel.operator !== node.operator) return false;
  if (opset < first || opset > (last ?? opset)) return false;
  return allFit(kernel.inputs, node.inputs) && allFit(kernel.outputs, node.outputs);

  function allFit(constraints: readonly string[], values: readonly string[]): boolean {
    return values.every((value, index) => {
      const constraint = constraints[index] ?? constraints.at(-1)!;
      if (index >= constraints.length && !constraint.endsWith('...')) return false;
      const type = types.get(value);
      // What a loop hands out keeps the type that it went in with.
      if (value === '' || (node.operator === 'Loop' && type === undefined)) return true;
      return type !== undefined && kernel.types[constraint.replace('...', '')]!.includes(type);
    });
  }
}
