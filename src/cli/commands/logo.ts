import { requireChoice } from '../../base/checks.js';
import { holdoutNames, holdouts, type MetricsRow } from '../../pipeline/choices.js';
import { OutputFolder } from '../../pipeline/output-folder.js';
import type { Command } from '../command.js';
import { errorsLegend, errorsText, withAblation } from '../errors-table.js';
import {
  type EvaluationOptions,
  evaluationOptions,
  familyPositional,
  requireFamily,
  requireRecipes,
} from '../evaluation-options.js';
import { interruption } from '../interruption.js';

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
      ablation: options.ablation,
      signal: interruption(() => console.note('Stopping: no table is written from part of the fits.')),
      onProgress: console.progress,
      onNote: console.note,
    });
    const improvementOf = ({ GPU }: MetricsRow) =>
      tables.summary.find((row) => row.GPU === GPU)?.['Improvement_ORION_vs_PreNeT_%'];
    const keys = [[`unseen ${holdoutNames[holdout]}`, 'GPU']] as const;
    const text = errorsText(tables.metrics, 'summary', keys, improvementOf);
    console.result(tables, withAblation(text, tables.ablation));
    console.note(errorsLegend);
    return 0;
  },
};
