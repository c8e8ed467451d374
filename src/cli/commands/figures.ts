import { requireChoice } from '../../base/checks.js';
import { type FigureFormat, figureFormats } from '../../pipeline/defaults.js';
import { OutputFolder } from '../../pipeline/output-folder.js';
import type { Command, CommonOptions } from '../command.js';

interface Options extends CommonOptions {
  from: string | undefined;
  published: boolean;
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
    published: {
      type: 'boolean',
      default: false,
      describe: "the paper's Figures 2-7 from the published values; beside those of --from where it is given",
    },
    formats: {
      type: 'string',
      array: true,
      default: [...figureFormats],
      describe: `any of ${figureFormats.join(', ')}; the Vega-Lite specification is always written`,
    },
  },
  run: async ({ from, published, formats, out }, console) => {
    const wanted = listOf(formats).map((format): FigureFormat => requireChoice(format, figureFormats, '--formats'));
    const results = from !== undefined || !published ? resultsFolder(from, out) : null;
    const { drawFigures, drawPublishedFigures } = await import('../../pipeline/figures.js');
    const target = new OutputFolder(out);
    const parts = [
      ...(results ? [await drawFigures(results, target, wanted, console.progress)] : []),
      ...(published ? [await drawPublishedFigures(target, wanted, console.progress)] : []),
    ];
    const result = {
      figures: parts.flatMap((part) => part.figures),
      leftOut: parts.flatMap((part) => part.leftOut),
    };
    const lines = [
      ...result.figures.map((figure) => `${figure.files.join(' ')}\n    ${figure.title}`),
      ...result.leftOut.map(({ name, reason }) => `left out: ${name} (${reason})`),
    ];
    console.result(result, lines.join('\n'));
    return 0;
  },
};

const resultsFolder = (from: string | undefined, out: string): OutputFolder =>
  from === undefined ? OutputFolder.existing(out, '--out') : OutputFolder.existing(from, '--from', true);

/** `--formats svg,png` and `--formats svg png` are the same. */
function listOf(values: string[]): string[] {
  return values.flatMap((value) => value.split(',')).filter(Boolean);
}
