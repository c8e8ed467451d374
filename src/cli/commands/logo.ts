import { requireChoice } from '../../base/checks.js';
import { holdoutNames, holdouts } from '../../pipeline/choices.js';
import { OutputFolder } from '../../pipeline/output-folder.js';
import type { Command } from '../command.js';
import {
  type EvaluationOptions,
  evaluationOptions,
  familyPositional,
  requireFamily,
  requireRecipes,
} from '../evaluation-options.js';
import { interruption } from '../interruption.js';
import { formatTable, significantOrNone } from '../text.js';

interface Options extends EvaluationOptions {
  holdout: string;
}

export const logoCommand: Command<Options> = {
  usage: 'logo <family>',
  summary: 'RMSE on GPUs that no fitted model has seen (leave one out), ORION beside the baselines',
  positionals: { family: familyPositional },
  options: {
    ...evaluationOptions,
    holdout: {
      type: 'string',
      default: 'gpu',
      requiresArg: true,
      describe: `what is left out, one after the other: ${holdouts.join(', ')}`,
    },
  },
  examples: [['logo cnn --csv CNN_*.csv', 'the records of several GPUs, each predicted from the others']],
  run: async (options, console) => {
    const out = new OutputFolder(options.out);
    const family = requireFamily(options.family);
    const holdout = requireChoice(options.holdout, holdouts, '--holdout');
    const { logo } = await import('../../pipeline/logo.js');
    const tables = await logo(out, {
      family,
      holdout,
      files: options.csv,
      recipes: requireRecipes(options.recipes),
      booster: options.booster,
      includeEmulated: options.includeEmulated,
      signal: interruption(() => console.note('Stopping: no table is written from part of the fits.')),
      onProgress: console.progress,
      onNote: console.note,
    });
    const table = formatTable(
      [
        `unseen ${holdoutNames[holdout]}`,
        'records',
        'RMSE ORION (ms)',
        'PreNeT',
        'improvement (%)',
        'mean',
        'roofline',
      ],
      tables.summary.map((row) => [
        row.GPU,
        row.n_samples,
        significantOrNone(row.RMSE_ORION_ms),
        significantOrNone(row.RMSE_PreNeT_ms),
        significantOrNone(row['Improvement_ORION_vs_PreNeT_%']),
        significantOrNone(row.RMSE_mean_ms),
        significantOrNone(row.RMSE_roofline_ms),
      ]),
    );
    console.result(tables, table);
    return 0;
  },
};
