import { requireChoice } from '../../base/checks.js';
import { type FigureFormat, figureFormats } from '../../pipeline/defaults.js';
import { OutputFolder } from '../../pipeline/output-folder.js';
import type { Command, CommonOptions } from '../command.js';

interface Options extends CommonOptions {
  from: string | undefined;
  formats: string[];
}

export const figuresCommand: Command<Options> = {
  usage: 'figures',
  summary: 'draw every figure that the results at hand allow',
  options: {
    from: {
      type: 'string',
      requiresArg: true,
      describe: 'folder of the results; default: the one of --out',
    },
    formats: {
      type: 'string',
      array: true,
      default: [...figureFormats],
      describe: `any of ${figureFormats.join(', ')}; the Vega-Lite specification is always written`,
    },
  },
  run: async ({ from, formats, out }, console) => {
    const wanted = listOf(formats).map((format): FigureFormat => requireChoice(format, figureFormats, '--formats'));
    const source = from === undefined ? OutputFolder.existing(out, '--out') : OutputFolder.existing(from, '--from');
    const { drawFigures } = await import('../../pipeline/figures.js');
    const result = await drawFigures(source, new OutputFolder(out), wanted, console.progress);
    const lines = [
      ...result.figures.map((figure) => `${figure.files.join(' ')}\n    ${figure.title}`),
      ...result.leftOut.map(({ name, reason }) => `left out: ${name} (${reason})`),
    ];
    console.result(result, lines.join('\n'));
    return 0;
  },
};

/** `--formats svg,png` and `--formats svg png` are the same. */
function listOf(values: string[]): string[] {
  return values.flatMap((value) => value.split(',')).filter(Boolean);
}
