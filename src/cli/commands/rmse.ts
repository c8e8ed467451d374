import { requireChoice, requireCount, requirePositiveInteger } from '../../base/checks.js';
import { InputError } from '../../base/errors.js';
import type { FamilyTables } from '../../base/tables.js';
import { foldUnits } from '../../pipeline/choices.js';
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
  overall: boolean;
  by: string | undefined;
  folds: number;
  foldsBy: string;
  seed: number;
}

const configuration = 'model,vcpu,storage';
const errorTitles = ['RMSE ORION (ms)', 'PreNeT', 'improvement (%)', 'mean', 'roofline'];

const overallText = ({ overall }: FamilyTables): string =>
  formatTable(
    ['model', ...errorTitles],
    overall.map((row) => [
      row.model,
      significantOrNone(row.RMSE_ORION_ms),
      significantOrNone(row.RMSE_PreNeT_ms),
      significantOrNone(row['Improvement_%']),
      significantOrNone(row.RMSE_mean_ms),
      significantOrNone(row.RMSE_roofline_ms),
    ]),
  );

const configurationsText = ({ configurations }: FamilyTables): string =>
  formatTable(
    ['model', 'vcpu', 'storage', ...errorTitles],
    configurations.map((row) => [
      row.model,
      row.vcpu,
      row.storage,
      significantOrNone(row.RMSE_ORION_ms),
      significantOrNone(row.RMSE_PreNeT_ms),
      significantOrNone(row['Improvement_ORION_vs_PreNeT_%']),
      significantOrNone(row.RMSE_mean_ms),
      significantOrNone(row.RMSE_roofline_ms),
    ]),
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
      signal: interruption(() => console.note('Stopping: no table is written from part of the folds.')),
      onProgress: console.progress,
      onNote: console.note,
    });
    const hasConfigurations = tables.configurations.length > 0;
    if (!hasConfigurations && !options.overall) {
      console.note('No record has both vcpu and storage: the table is by model.');
    }
    console.result(tables, options.overall || !hasConfigurations ? overallText(tables) : configurationsText(tables));
    return 0;
  },
};
