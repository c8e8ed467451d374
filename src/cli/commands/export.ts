import { requireCount } from '../../base/checks.js';
import { OutputFolder } from '../../pipeline/output-folder.js';
import type { Command, CommonOptions } from '../command.js';
import { choice, number, text } from '../option-kinds.js';
import { type SizeOptions, sizeOptions, sizesOf } from '../size-options.js';
import { formatTable } from '../text.js';

interface Options extends CommonOptions, SizeOptions {
  networks: string[];
  mode?: string;
  provider?: string;
  seed?: number;
  weights: boolean;
}

export const exportCommand: Command<Options> = {
  usage: 'export <networks..>',
  summary: 'write ONNX training or inference graphs and their descriptions',
  positionals: {
    networks: { type: 'string', array: true, demandOption: true, describe: 'names of networks, or all' },
  },
  options: {
    mode: text('training (the default): whole steps; or inference: the forward pass, logits out'),
    ...sizeOptions('step'),
    provider: text('cpu, cuda or webgpu: what the graph is formulated for'),
    seed: number('of the initial weights'),
    weights: {
      type: 'boolean',
      default: false,
      describe: 'also write the initial weights, to run the graph elsewhere',
    },
  },
  run: async (options, console) => {
    const { exportGraphs } = await import('../../pipeline/export.js');
    const exported = exportGraphs(
      new OutputFolder(options.out),
      'models',
      options.networks,
      {
        mode: choice(options.mode, ['training', 'inference'], '--mode'),
        ...sizesOf(options),
        provider: choice(options.provider, ['cpu', 'cuda', 'webgpu'], '--provider'),
        seed: options.seed === undefined ? undefined : requireCount(options.seed, '--seed'),
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
