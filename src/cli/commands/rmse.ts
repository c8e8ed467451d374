import { requireChoice, requireCount, requirePositiveInteger } from '../../base/checks.js';
import { type Family, families } from '../../base/columns.js';
import { InputError } from '../../base/errors.js';
import { OutputFolder } from '../../pipeline/output-folder.js';
import type { Command, CommonOptions } from '../command.js';
import { interruption } from '../interruption.js';
import { formatTable, significant } from '../text.js';

interface Options extends CommonOptions {
  family: string;
  csv: string[];
  overall: boolean;
  by: string | undefined;
  folds: number;
  seed: number;
  booster: string | undefined;
  includeEmulated: boolean;
}

const configuration = 'model,vcpu,storage';

export const rmseCommand: Command<Options> = {
  usage: 'rmse <family>',
  summary: 'K-fold RMSE of the ORION recipe beside the PreNeT baseline',
  positionals: {
    family: { type: 'string', demandOption: true, describe: families.join(', ') },
  },
  options: {
    csv: { type: 'string', array: true, demandOption: true, describe: 'records files' },
    overall: { type: 'boolean', default: false, describe: 'print the table by model' },
    by: {
      type: 'string',
      requiresArg: true,
      describe: `print the table by ${configuration} (the default)`,
    },
    folds: { type: 'number', default: 5, requiresArg: true, describe: 'folds of the cross-validation' },
    seed: { type: 'number', default: 42, requiresArg: true, describe: 'of the shuffle' },
    booster: {
      type: 'string',
      requiresArg: true,
      describe: "hyper-parameters by XGBoost's names: subsample=1,max_depth=6,tree_method=hist",
    },
    'include-emulated': {
      type: 'boolean',
      default: false,
      describe: 'records with an emulated accelerator too; they are left out otherwise',
    },
  },
  run: async (options, console) => {
    const out = new OutputFolder(options.out);
    if (options.by !== undefined && options.by !== configuration) {
      throw new InputError(`--by ${options.by}: records are grouped by ${configuration}.`);
    }
    if (options.overall && options.by !== undefined) throw new InputError('Give either --overall or --by, not both.');
    const family: Family = requireChoice(options.family, families, 'FAMILY');
    const { rmse } = await import('../../pipeline/rmse.js');
    const tables = await rmse(out, {
      family,
      files: options.csv,
      folds: requirePositiveInteger(options.folds, '--folds'),
      seed: requireCount(options.seed, '--seed'),
      booster: options.booster,
      includeEmulated: options.includeEmulated,
      signal: interruption(() => console.note('Stopping: no table is written from part of the folds.')),
      onProgress: console.progress,
      onNote: console.note,
    });
    const table = options.overall
      ? formatTable(
          ['model', 'RMSE ORION (ms)', 'RMSE PreNeT (ms)', 'improvement (%)'],
          tables.overall.map((row) => [
            row.model,
            significant(row.RMSE_ORION_ms),
            significant(row.RMSE_PreNeT_ms),
            significant(row['Improvement_%']),
          ]),
        )
      : formatTable(
          ['model', 'vcpu', 'storage', 'RMSE ORION (ms)', 'RMSE PreNeT (ms)', 'improvement (%)'],
          tables.configurations.map((row) => [
            row.model,
            row.vcpu,
            row.storage,
            significant(row.RMSE_ORION_ms),
            significant(row.RMSE_PreNeT_ms),
            significant(row['Improvement_ORION_vs_PreNeT_%']),
          ]),
        );
    console.result(tables, table);
    return 0;
  },
};
