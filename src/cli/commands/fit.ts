import { requireChoice } from '../../base/checks.js';
import type { Command, CommonOptions } from '../command.js';
import { formatTable, significant } from '../text.js';

interface Options extends CommonOptions {
  csv: string[];
  recipe: string;
  model: string;
  includeEmulated: boolean;
}

export const fitCommand: Command<Options> = {
  usage: 'fit',
  summary: 'fit a predictor of iteration times to records',
  options: {
    csv: { type: 'string', array: true, demandOption: true, describe: 'records files, of any family' },
    recipe: {
      type: 'string',
      default: 'hybrid',
      requiresArg: true,
      describe: 'hybrid, or physics: without the learned correction',
    },
    model: { type: 'string', demandOption: true, requiresArg: true, describe: 'file that the predictor goes to' },
    'include-emulated': {
      type: 'boolean',
      default: false,
      describe: 'records with an emulated accelerator too; they are left out otherwise',
    },
  },
  examples: [['fit --csv CNN_*.csv --model cnn.json', 'then: predict resnet50 --model cnn.json --all-gpus']],
  run: async (options, console) => {
    const { fit, fittedRecipes } = await import('../../pipeline/fit.js');
    const summary = await fit({
      files: options.csv,
      recipe: requireChoice(options.recipe, fittedRecipes, '--recipe'),
      modelFile: options.model,
      includeEmulated: options.includeEmulated,
      onNote: console.note,
    });
    for (const note of summary.notes) console.note(note);
    const width = (percent: number | null) => (percent === null ? '' : significant(percent, 3));
    const kinds = Object.entries(summary.unseen_half_width_percent_by_kind);
    const devices = [
      ...summary.devices.map((each) => [each.gpu_name, each.rows, significant(each.half_width_percent, 3)]),
      ['any other GPU', '', width(summary.unseen_half_width_percent)],
      ...(kinds.length < 2 ? [] : kinds.map(([kind, percent]) => [`any other GPU, ${kind}`, '', width(percent)])),
      ['any other network', '', width(summary.unseen_network_half_width_percent)],
    ];
    const coefficients = Object.entries(summary.coefficients)
      .filter(([, value]) => value > 0)
      .map(([term, value]) => [term, significant(value)]);
    console.result(
      summary,
      [
        `${summary.model_file}: recipe ${summary.recipe}, ${summary.rows} records`,
        formatTable(['term', 'coefficient'], coefficients),
        formatTable(['GPU', 'records', '90 % interval, +%'], devices),
      ].join('\n\n'),
    );
    return 0;
  },
};
