import { requireChoice, requireCount } from '../../base/checks.js';
import { OutputFolder } from '../../pipeline/output-folder.js';
import { type PresetName, presetNames } from '../../pipeline/presets.js';
import { type Command, type CommonOptions, dataRootOption } from '../command.js';
import { interruption } from '../interruption.js';

interface Options extends CommonOptions {
  preset: string;
  dataRoot: string;
  seed: number;
}

export const runCommand: Command<Options> = {
  usage: 'run',
  summary: 'the whole pipeline on this machine: measure, record, evaluate, draw, report',
  options: {
    preset: {
      type: 'string',
      default: 'quick',
      requiresArg: true,
      describe: "quick (minutes) or full (the paper's grid)",
    },
    'data-root': dataRootOption,
    seed: { type: 'number', default: 42, requiresArg: true, describe: 'of synthetic data, weights and shuffle' },
  },
  run: async ({ preset, dataRoot, seed, out: folder }, console) => {
    const out = new OutputFolder(folder);
    const { run } = await import('../../pipeline/run.js');
    const summary = await run(out, {
      preset: requireChoice(preset, presetNames, '--preset') as PresetName,
      dataRoot,
      seed: requireCount(seed, '--seed'),
      signal: interruption((signal) =>
        console.note(`${signal}: ending after the current trial; once more ends at once.`),
      ),
      onProgress: console.progress,
      onNote: console.note,
    });
    const lines = summary.families.map(
      ({ family, counts, file }) => `${family}: ${counts.ok} trials measured, ${counts.failed} failed: ${file}`,
    );
    for (const { stage, reason } of summary.waived) lines.push(`left out: ${stage} (${reason})`);
    lines.push(`${summary.figures.length} figures: ${out.file('figures')}`, `report: ${summary.report}`);
    console.result(summary, lines.join('\n'));
    return summary.families.some(({ counts }) => counts.failed > 0) ? 4 : 0;
  },
};
