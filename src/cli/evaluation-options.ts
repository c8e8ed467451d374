import type { Options as OptionSpec } from 'yargs';
import { requireChoice } from '../base/checks.js';
import { type EvaluatedFamily, evaluatedFamilies, families } from '../base/columns.js';
import { defaultRecipeNames, recipeNames } from '../pipeline/choices.js';
import type { CommonOptions } from './command.js';

/** Of the commands that evaluate predictions. */
export interface EvaluationOptions extends CommonOptions {
  family: string;
  csv: string[];
  recipes: string[];
  booster: string | undefined;
  includeEmulated: boolean;
  ablation: boolean;
}

export const familyPositional = {
  type: 'string',
  demandOption: true,
  describe: `${families.join(', ')}; or any: records of several families, or foreign ones`,
} as const;

export const evaluationOptions = {
  csv: { type: 'string', array: true, demandOption: true, describe: 'records files' },
  recipes: {
    type: 'string',
    array: true,
    requiresArg: true,
    default: [...defaultRecipeNames],
    describe:
      'what predicts: the ORION recipe, the baseline PreNeT, the mean of the training rows, the plain roofline, hybrid ' +
      '(what fit learns); also physics, that without its correction',
  },
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
  ablation: {
    type: 'boolean',
    default: false,
    describe: 'also what each ingredient of hybrid is worth: its errors with each of them removed',
  },
} as const satisfies Record<string, OptionSpec>;

export const requireFamily = (given: string): EvaluatedFamily => requireChoice(given, evaluatedFamilies, 'FAMILY');

export const requireRecipes = (given: readonly string[]) =>
  recipeNames.filter((name) => given.map((each) => requireChoice(each, recipeNames, '--recipes')).includes(name));
