import { requireChoice, requireCount, requirePositiveInteger } from '../../base/checks.js';
import { InputError } from '../../base/errors.js';
import { foldUnits } from '../../pipeline/choices.js';
import { OutputFolder } from '../../pipeline/output-folder.js';
import type { rmse } from '../../pipeline/rmse.js';
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
  overall: boolean;
  by: string | undefined;
  folds: number;
  foldsBy: string;
  seed: number;
}

const configuration = 'model,vcpu,storage';
type Tables = Awaited<ReturnType<typeof rmse>>;

const overallText = ({ metrics, overall }: Tables): string =>
  errorsText(
    metrics,
    'overall',
    [['model', 'model']],
    (group) => overall.find(({ model }) => model === group.model)?.['Improvement_%'],
  );

const configurationsText = ({ metrics, configurations }: Tables): string =>
  errorsText(
    metrics,
    'configurations',
    [
      ['model', 'model'],
      ['vcpu', 'vcpu'],
      ['storage', 'storage'],
    ],
    ({ model, vcpu, storage }) =>
      configurations.find((row) => row.model === model && row.vcpu === vcpu && row.storage === storage)?.[
        'Improvement_ORION_vs_PreNeT_%'
      ],
  );

export const rmseCommand: Command<Options> = {
  usage: 'rmse <family>',
  summary: 'K-fold RMSE of the ORION recipe beside the baselines',
  positionals: { family: familyPositional },
  options: {
    ...evaluationOptions,
    overall: { type: 'boolean', default: false, describe: 'print the table by model' },
    by: {
      type: 'string',
      requiresArg: true,
      describe: `print the table by ${configuration} (the default)`,
    },
    folds: { type: 'number', default: 5, requiresArg: true, describe: 'folds of the cross-validation' },
    'folds-by': {
      type: 'string',
      default: 'row',
      requiresArg: true,
      describe:
        'what is held out together: row, as in the paper, or group (rows that differ only in learning rate or optimizer; files ..._grouped)',
    },
    seed: { type: 'number', default: 42, requiresArg: true, describe: 'of the shuffle' },
  },
  run: async (options, console) => {
    const out = new OutputFolder(options.out);
    if (options.by !== undefined && options.by !== configuration) {
      throw new InputError(`--by ${options.by}: records are grouped by ${configuration}.`);
    }
    if (options.overall && options.by !== undefined) throw new InputError('Give either --overall or --by, not both.');
    const family = requireFamily(options.family);
    const { rmse } = await import('../../pipeline/rmse.js');
    const tables = await rmse(out, {
      family,
      files: options.csv,
      folds: requirePositiveInteger(options.folds, '--folds'),
      foldsBy: requireChoice(options.foldsBy, foldUnits, '--folds-by'),
      seed: requireCount(options.seed, '--seed'),
      recipes: requireRecipes(options.recipes),
      booster: options.booster,
      includeEmulated: options.includeEmulated,
      ablation: options.ablation,
      signal: interruption(() => console.note('Stopping: no table is written from part of the folds.')),
      onProgress: console.progress,
      onNote: console.note,
    });
    const hasConfigurations = tables.configurations.length > 0;
    if (!hasConfigurations && !options.overall) {
      console.note('No record has both vcpu and storage: the table is by model.');
    }
    const byModel = options.overall || !hasConfigurations;
    const text = byModel ? overallText(tables) : configurationsText(tables);
    console.result(tables, withAblation(text, tables.ablation));
    console.note(errorsLegend);
    return 0;
  },
};
