import { requireCount, requirePositive } from '../../base/checks.js';
import { formatRate } from '../../base/units.js';
import { OutputFolder } from '../../pipeline/output-folder.js';
import type { Command, CommonOptions } from '../command.js';
import { formatTable, significant } from '../text.js';

interface Options extends CommonOptions {
  device: number;
  time: number;
}

export const gpuCommand: Command<Options> = {
  usage: 'gpu',
  summary: 'time CUDA kernels on a GPU and check their answers',
  options: {
    device: { type: 'number', default: 0, requiresArg: true, describe: 'CUDA device number' },
    time: { type: 'number', default: 10, requiresArg: true, describe: 'limit for one kernel, seconds' },
  },
  run: async ({ device, time, out: folder }, console) => {
    const out = new OutputFolder(folder);
    const { gpu } = await import('../../pipeline/gpu.js');
    const report = await gpu(out, {
      device: requireCount(device, '--device'),
      maximumMs: requirePositive(time, '--time') * 1000,
      onProgress: console.progress,
    });
    const rows = report.measurements.map((m) => [
      m.kernel,
      `${significant(m.timeNs.median / 1000)} us`,
      formatRate(m.bytesPerSecond),
      `${significant(m.flopsPerSecond / 1e9)} GFLOP/s`,
      m.answerCorrect ? 'right' : 'WRONG',
    ]);
    const table = formatTable(['kernel', 'median', 'memory', 'arithmetic', 'answer'], rows);
    console.result(report, `${report.device.name} (${report.device.uuid})\n${table}`);
    return 0;
  },
};
