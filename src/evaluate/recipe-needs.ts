import type { Row } from '../base/columns.js';
import { InputError } from '../base/errors.js';
import type { EvaluatedRecipe } from '../base/recipe-names.js';
import { requireFittable } from '../model/hybrid/fit.js';
import { readCatalogue } from '../records/catalogue.js';
import { withDataSheets } from '../records/data-sheet.js';
import type { RecordTable } from '../records/read.js';

const flops = ['flops_train_per_batch'];

/**
 * What a recipe cannot be made without, beyond what every evaluation needs: of each list a row must have one column.
 * Other columns that rows lack are missing values to a recipe.
 */
const needs: Readonly<Record<EvaluatedRecipe, readonly (readonly string[])[]>> = {
  orion: [flops],
  prenet: [flops, ['T_gpu_ms']],
  mean: [],
  roofline: [flops, ['act_bytes_per_sample_proxy', 'act_bytes_per_seq_proxy']],
  hybrid: [['flops_matmul_exec', 'flops_exec_per_batch', ...flops]],
  physics: [['flops_matmul_exec', 'flops_exec_per_batch', ...flops]],
};

/** A recipe that rows do not allow. */
export interface LeftOutRecipe {
  recipe: EvaluatedRecipe;
  /** A clause: what is lacking. */
  reason: string;
}

function reasonAgainst(recipe: EvaluatedRecipe, { rows }: RecordTable, foreign: boolean): string | null {
  for (const columns of foreign ? needs[recipe] : []) {
    const lacking = rows.filter((row) => columns.every((column) => (row[column] ?? null) === null)).length;
    if (lacking > 0) return `${lacking} of ${rows.length} records have no ${columns.join(' or ')}`;
  }
  return recipe === 'hybrid' || recipe === 'physics' ? reasonAgainstPredictor(rows) : null;
}

function reasonAgainstPredictor(rows: readonly Row[]): string | null {
  try {
    requireFittable(withDataSheets(rows, readCatalogue()));
    return null;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.message.replace(/\.$/, '');
  }
}

/**
 * Which of the recipes the rows allow: those that can be made for every row, since errors are compared over the same rows.
 * Throws InputError where that is none.
 * @param foreign whether rows may lack columns that those of a family always have
 */
export function possibleRecipes(
  table: RecordTable,
  recipes: readonly EvaluatedRecipe[],
  foreign: boolean,
): { possible: EvaluatedRecipe[]; leftOut: LeftOutRecipe[] } {
  const leftOut = recipes.flatMap((recipe): LeftOutRecipe[] => {
    const reason = reasonAgainst(recipe, table, foreign);
    return reason === null ? [] : [{ recipe, reason }];
  });
  const possible = recipes.filter((recipe) => !leftOut.some((each) => each.recipe === recipe));
  if (possible.length > 0) return { possible, leftOut };
  const reasons = leftOut.map(({ recipe, reason }) => `${recipe} (${reason})`);
  throw new InputError(
    `${table.files.join(', ')}: nothing can predict these records, neither ${reasons.join(' nor ')}; ` +
      'add these columns, or choose others with --recipes.',
  );
}
