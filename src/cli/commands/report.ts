import { OutputFolder } from '../../pipeline/output-folder.js';
import type { Command, CommonOptions } from '../command.js';

export const reportCommand: Command<CommonOptions> = {
  usage: 'report',
  summary: 'one self-contained HTML page of what lies in the results folder',
  options: {},
  run: async (options, console) => {
    const { writeReport } = await import('../../pipeline/report.js');
    const result = await writeReport(OutputFolder.existing(options.out, '--out'));
    console.result(result, result.file);
    return 0;
  },
};
