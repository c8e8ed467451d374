import { writeReport } from '../../pipeline/report.js';
import type { Command, CommonOptions } from '../command.js';

export const reportCommand: Command<CommonOptions> = {
  usage: 'report',
  summary: 'one self-contained HTML page of what lies in the results folder',
  options: (yargs) => yargs,
  run: async (_options, out, console) => {
    const result = await writeReport(out);
    console.result(result, result.file);
    return 0;
  },
};
