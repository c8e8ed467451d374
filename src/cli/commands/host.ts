import { requirePositive } from '../../base/checks.js';
import { formatRate } from '../../base/units.js';
import { OutputFolder } from '../../pipeline/output-folder.js';
import type { Command, CommonOptions } from '../command.js';
import { formatTable, significant } from '../text.js';

interface Options extends CommonOptions {
  time: number;
}

const giga = (flops: number) => `${significant(flops / 1e9)} GFLOP/s`;

export const hostCommand: Command<Options> = {
  usage: 'host',
  summary: 'measure copy, arithmetic and JPEG decode rates of this host',
  options: {
    time: { type: 'number', default: 1, requiresArg: true, describe: 'seconds for each rate' },
  },
  run: async ({ time, out: folder }, console) => {
    const out = new OutputFolder(folder);
    const { host } = await import('../../pipeline/host.js');
    const result = await host(out, requirePositive(time, '--time') * 1000, console.progress);
    const { copy_bytes_per_s: copy, fp32_flops_per_s: fp32, fp64_flops_per_s: fp64, decode } = result;
    const text = formatTable(
      ['rate', 'one thread', `all (${decode.all_threads.threads})`],
      [
        ['memory copy', formatRate(copy.one_thread), formatRate(copy.all_threads)],
        [`fp32 FMA (${result.instruction_set})`, giga(fp32.one_thread), giga(fp32.all_threads)],
        [`fp64 FMA (${result.instruction_set})`, giga(fp64.one_thread), giga(fp64.all_threads)],
        [
          'JPEG 500x375 to 224',
          `${significant(decode.one_thread.images_per_s)} images/s`,
          `${significant(decode.all_threads.images_per_s)} images/s`,
        ],
      ],
    );
    console.result(result, `${result.facts.cpu_model}\n${text}`);
    return 0;
  },
};
