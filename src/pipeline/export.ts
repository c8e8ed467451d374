import { InputError } from '../base/errors.js';
import type { OnProgress } from '../base/progress.js';
import { datasetEntry, type TokenLengths } from '../data/catalogue.js';
import type { PassMode } from '../graph/autodiff/tape.js';
import { defaultGraphOf } from '../networks/defaults.js';
import {
  describeInferenceGraph,
  describeTrainingGraph,
  type GraphDescription,
  type GraphNaming,
} from '../networks/description.js';
import { imageShapeFor } from '../networks/image-shape.js';
import { inferenceGraph, networkNamed, networks, trainingGraph } from '../networks/index.js';
import type { NetworkDescription, Optimizer, Precision, TrainingConfig } from '../networks/types.js';
import type { OutputFolder } from './output-folder.js';

/** What is set in place of a network's defaults. */
export interface ExportOptions {
  /** Whole training steps, unless given, or the forward pass alone. */
  mode?: PassMode | undefined;
  dataset?: string | undefined;
  batchSize?: number | undefined;
  optimizer?: Optimizer | undefined;
  precision?: Precision | undefined;
  provider?: TrainingConfig['provider'] | undefined;
  seed?: number | undefined;
  /** Height and width of the images. */
  imageSize?: number | undefined;
  embedDim?: number | undefined;
  depth?: number | undefined;
  sequenceLength?: number | undefined;
  targetLength?: number | undefined;
  vocabularySize?: number | undefined;
  /** Also write the initial state, so that the graph can be run elsewhere. */
  weights?: boolean | undefined;
}

export interface ExportedGraph {
  /** Paths of what was written. */
  files: string[];
  description: GraphDescription;
}

/** The networks that `names` stand for, spelled as they are; 'all' stands for every one. Throws InputError for others. */
export function networksNamed(names: readonly string[]): string[] {
  const known = Object.keys(networks);
  const spelled = names.flatMap((name) => {
    if (name.toLowerCase() === 'all') return known;
    const found = known.find((candidate) => candidate.toLowerCase() === name.toLowerCase()) ?? name;
    networkNamed(found);
    return [found];
  });
  return [...new Set(spelled)];
}

/**
 * Writes the training or inference graph of each network and its description, `NAME.onnx` and `NAME.json`, to a folder under `out`.
 * The files depend on nothing but the options and the version of this package. Initial weights are drawn only where
 * they are written too.
 */
export function exportGraphs(
  out: OutputFolder,
  folder: string,
  names: readonly string[],
  options: ExportOptions = {},
  onProgress?: OnProgress,
): ExportedGraph[] {
  const spelled = networksNamed(names);
  // All are checked before the first is written.
  const plans = spelled.map((name) => ({ name, ...planOf(name, options) }));
  return plans.map(({ name, dataset, config }, index) => {
    const model = `${name}.onnx`;
    const { graph, description } = describedGraph(config, options.mode ?? 'training', { file: model, dataset });
    const files = [
      out.write(`${folder}/${model}`, Buffer.from(graph.model)),
      out.write(`${folder}/${name}.json`, formatDescription(description)),
      ...(options.weights ? [out.write(`${folder}/${graph.state.path}`, bufferOver(graph.state.data))] : []),
    ];
    onProgress?.({ stage: 'graphs', done: index + 1, total: plans.length, detail: name });
    return { files, description };
  });
}

function describedGraph(config: TrainingConfig, mode: PassMode, naming: GraphNaming) {
  if (mode === 'inference') {
    const graph = inferenceGraph(config);
    return { graph, description: describeInferenceGraph(config, graph, naming) };
  }
  const graph = trainingGraph(config);
  return { graph, description: describeTrainingGraph(config, graph, naming) };
}

const bufferOver = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** What a network is built for: its defaults, and what is set in their place. Throws InputError for what does not fit. */
export function planOf(name: string, options: ExportOptions): { dataset: string; config: TrainingConfig } {
  const network = networkNamed(name);
  requireFitting(name, network, options);
  const { dataset, config } = defaultGraphOf(name);
  const chosen = options.dataset === undefined ? null : datasetOf(name, network, options.dataset);
  const given = {
    batchSize: options.batchSize,
    optimizer: options.optimizer,
    precision: options.precision,
    seed: options.seed,
    embedDim: options.embedDim,
    depth: options.depth,
    sequenceLength: options.sequenceLength,
    targetLength: options.targetLength,
    vocabularySize: options.vocabularySize,
  };
  const sized: TrainingConfig = {
    ...config,
    ...chosen?.sizes,
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    network: name,
    provider: options.provider ?? 'cpu',
  };
  const size = options.imageSize;
  return {
    dataset: chosen?.name ?? dataset,
    config: size === undefined ? sized : { ...sized, imageShape: [sized.imageShape![0], size, size] },
  };
}

/** The sizes that come from a data set. */
function datasetOf(
  name: string,
  network: NetworkDescription,
  dataset: string,
): { name: string; sizes: Partial<TrainingConfig> } {
  const entry = datasetEntry(dataset);
  if (!network.datasets.includes(entry.name)) {
    throw new InputError(
      `--dataset ${entry.name}: ${name} is not measured on it; choose from ${network.datasets.join(', ')}.`,
    );
  }
  const classes = entry.classes === null ? {} : { classes: entry.classes };
  if (!entry.shape) return { name: entry.name, sizes: { ...classes, ...tokenSizes(entry.tokens!) } };
  return { name: entry.name, sizes: { ...classes, imageShape: imageShapeFor(network, entry.shape) } };
}

function tokenSizes({ source, target }: TokenLengths): Partial<TrainingConfig> {
  return { sequenceLength: source, ...(target !== null && { targetLength: target }) };
}

/** Options that a network has no use for are mistakes. */
function requireFitting(name: string, { family, input }: NetworkDescription, options: ExportOptions): void {
  const fitting: [option: string, value: number | undefined, fits: boolean, what: string][] = [
    ['--image-size', options.imageSize, input === 'image', 'networks that read images'],
    ['--embed-dim', options.embedDim, family === 'mlp', 'MLP networks'],
    ['--depth', options.depth, family !== 'cnn', 'MLP and Transformer networks'],
    ['--seq-len', options.sequenceLength, input !== 'image', 'networks that read text'],
    ['--tgt-len', options.targetLength, input === 'text-pair', 'networks that write text'],
    ['--vocab-size', options.vocabularySize, input !== 'image', 'networks that read text'],
  ];
  for (const [option, value, fits, what] of fitting) {
    if (value !== undefined && !fits) throw new InputError(`${option} is for ${what}, not for ${name}: leave it out.`);
  }
  if (options.mode === 'inference' && options.optimizer !== undefined) {
    throw new InputError('--optimizer is for training graphs, and --mode inference makes none: leave one of them out.');
  }
}

/** JSON with the items of a list a line each: hundreds of parameters stay readable, and a changed one is one line. */
export function formatDescription(description: GraphDescription): string {
  const member = (value: unknown, indent: string): string => {
    const inner = `${indent}  `;
    if (Array.isArray(value) && value.some((item) => typeof item === 'object')) {
      return `[\n${value.map((item) => `${inner}${JSON.stringify(item)}`).join(',\n')}\n${indent}]`;
    }
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      const lines = Object.entries(value).map(
        ([key, item]) => `${inner}${JSON.stringify(key)}: ${member(item, inner)}`,
      );
      return `{\n${lines.join(',\n')}\n${indent}}`;
    }
    return JSON.stringify(value);
  };
  return `${member(description, '')}\n`;
}
