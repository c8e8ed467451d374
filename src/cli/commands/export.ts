import { requireChoice, requireCount, requirePositiveInteger } from '../../base/checks.js';
import { optimizers } from '../../pipeline/choices.js';
import { OutputFolder } from '../../pipeline/output-folder.js';
import type { Command, CommonOptions } from '../command.js';
import { formatTable } from '../text.js';

interface Options extends CommonOptions {
  networks: string[];
  mode?: string;
  dataset?: string;
  batchSize?: number;
  optimizer?: string;
  precision?: number;
  provider?: string;
  seed?: number;
  imageSize?: number;
  embedDim?: number;
  depth?: number;
  seqLen?: number;
  tgtLen?: number;
  vocabSize?: number;
  weights: boolean;
}

const text = (describe: string) => ({ type: 'string', requiresArg: true, describe }) as const;
const number = (describe: string) => ({ type: 'number', requiresArg: true, describe }) as const;

export const exportCommand: Command<Options> = {
  usage: 'export <networks..>',
  summary: 'write ONNX training or inference graphs and their descriptions',
  positionals: {
    networks: { type: 'string', array: true, demandOption: true, describe: 'names of networks, or all' },
  },
  options: {
    mode: text('training (the default): whole steps; or inference: the forward pass, logits out'),
    dataset: text('data set that image size and classes come from'),
    'batch-size': number('samples per step'),
    optimizer: text(optimizers.join(', ')),
    precision: number('32 or 16'),
    provider: text('cpu, cuda or webgpu: what the graph is formulated for'),
    seed: number('of the initial weights'),
    'image-size': number('height and width of images, in pixels'),
    'embed-dim': number('MLP: embedding width'),
    depth: number('MLP, Transformer: blocks'),
    'seq-len': number('Transformer: tokens of a text'),
    'tgt-len': number('Transformer: tokens of a translation or summary'),
    'vocab-size': number('Transformer: vocabulary'),
    weights: {
      type: 'boolean',
      default: false,
      describe: 'also write the initial weights, to run the graph elsewhere',
    },
  },
  run: async (options, console) => {
    const { exportGraphs } = await import('../../pipeline/export.js');
    const whole = (value: number | undefined, option: string) =>
      value === undefined ? undefined : requirePositiveInteger(value, option);
    const choice = <T extends string>(value: string | undefined, choices: readonly T[], option: string) =>
      value === undefined ? undefined : requireChoice(value, choices, option);
    const precision = choice(options.precision?.toString(), ['32', '16'], '--precision');
    const exported = exportGraphs(
      new OutputFolder(options.out),
      'models',
      options.networks,
      {
        mode: choice(options.mode, ['training', 'inference'], '--mode'),
        dataset: options.dataset,
        batchSize: whole(options.batchSize, '--batch-size'),
        optimizer: choice(options.optimizer, optimizers, '--optimizer'),
        precision: precision && (precision === '16' ? 16 : 32),
        provider: choice(options.provider, ['cpu', 'cuda', 'webgpu'], '--provider'),
        seed: options.seed === undefined ? undefined : requireCount(options.seed, '--seed'),
        imageSize: whole(options.imageSize, '--image-size'),
        embedDim: whole(options.embedDim, '--embed-dim'),
        depth: whole(options.depth, '--depth'),
        sequenceLength: whole(options.seqLen, '--seq-len'),
        targetLength: whole(options.tgtLen, '--tgt-len'),
        vocabularySize: whole(options.vocabSize, '--vocab-size'),
        weights: options.weights,
      },
      console.progress,
    );
    const rows = exported.map(({ files, description }) => [
      description.network,
      description.parameter_count,
      description.node_count,
      description.model.bytes,
      files[0]!,
    ]);
    console.result({ graphs: exported }, formatTable(['network', 'parameters', 'nodes', 'bytes', 'file'], rows));
    return 0;
  },
};
