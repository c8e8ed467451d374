import { requireChoice, requireCount, requirePositiveInteger } from '../../base/checks.js';
import type { DatasetReport } from '../../pipeline/data.js';
import { type Command, type CommonOptions, dataRootOption } from '../command.js';
import { formatTable } from '../text.js';

interface Options extends CommonOptions {
  action: string;
  dataRoot: string;
  datasets: string[] | undefined;
  samples: number;
  seed: number;
}

export const dataCommand: Command<Options> = {
  usage: 'data <action>',
  summary: 'prepare small synthetic data sets in the real formats, or check what is there',
  positionals: {
    action: { type: 'string', demandOption: true, describe: 'prepare or check' },
  },
  options: {
    'data-root': dataRootOption,
    datasets: { type: 'string', array: true, describe: 'prepare these only' },
    samples: { type: 'number', default: 1000, requiresArg: true, describe: 'training samples of each' },
    seed: { type: 'number', default: 42, requiresArg: true, describe: 'of the synthetic content' },
  },
  run: async ({ action, dataRoot, datasets, samples, seed }, console) => {
    const { checkData, prepareData } = await import('../../pipeline/data.js');
    if (requireChoice(action, ['prepare', 'check'] as const, 'ACTION') === 'check') {
      const reports = checkData(dataRoot, true);
      const rows = reports.map((set) => [
        set.dataset,
        set.state,
        set.samples,
        set.origin ?? '',
        set.problem ?? (set.state === 'missing' ? wayTo(set) : set.folder),
        archiveCell(set.archive),
      ]);
      console.result(
        { datasets: reports },
        formatTable(['data set', 'state', 'samples', 'origin', 'where', 'archive'], rows),
      );
      return 0;
    }
    const prepared = await prepareData({
      dataRoot,
      datasets,
      samples: requirePositiveInteger(samples, '--samples'),
      seed: requireCount(seed, '--seed'),
      onProgress: console.progress,
    });
    const rows = prepared.map((set) => [set.dataset, set.state, set.samples, set.bytes, set.folder]);
    console.result({ datasets: prepared }, formatTable(['data set', 'state', 'samples', 'bytes', 'folder'], rows));
    return 0;
  },
};

function wayTo({ archive, folder, source }: DatasetReport): string {
  return archive?.state === 'whole' ? `unpack ${archive.file} to ${folder}` : `get it from ${source}`;
}

function archiveCell(archive: DatasetReport['archive']): string {
  if (!archive) return '';
  const { state, file, md5 } = archive;
  if (state === 'absent') return `MD5 ${md5}`;
  return state === 'whole' ? `${file}: MD5 as published` : `${file}: MD5 is not ${md5}`;
}
