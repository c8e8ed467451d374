import { OutputFolder } from '../../pipeline/output-folder.js';
import { type Command, type CommonOptions, dataRootOption } from '../command.js';

interface Options extends CommonOptions {
  dataRoot: string;
}

const mark = { ok: 'ok     ', missing: 'missing', warning: 'warning' } as const;

export const doctorCommand: Command<Options> = {
  usage: 'doctor',
  summary: 'say what is usable on this machine, and why the rest is not',
  options: {
    'data-root': dataRootOption,
  },
  run: async ({ dataRoot, out: folder }, console) => {
    const out = new OutputFolder(folder);
    const { doctor } = await import('../../pipeline/doctor.js');
    const result = await doctor(out, dataRoot);
    const lines = result.findings.flatMap((finding) => [
      `${mark[finding.status]}  ${finding.name}: ${finding.detail}`,
      ...(finding.remedy ? [`         -> ${finding.remedy}`] : []),
    ]);
    console.result(result, lines.join('\n'));
    return 0;
  },
};
