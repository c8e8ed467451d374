import { resultHeader } from '../base/provenance.js';
import type { FamilyTables } from '../base/tables.js';
import type { FoldUnit } from '../evaluate/folds.js';
import { crossValidate, crossValidationFolds } from '../evaluate/rmse.js';
import { parseBoosterOptions } from '../model/booster-options.js';
import {
  ablationOf,
  aboutIntervals,
  aboutRecords,
  type Evaluation,
  type EvaluationRequest,
  evaluationInputs,
  leftOutRecipes,
} from './evaluation-inputs.js';
import type { OutputFolder } from './output-folder.js';
import { writeTables } from './tables.js';

export interface RmseOptions extends EvaluationRequest {
  folds: number;
  /** What is held out together; rows where absent, as in the paper. */
  foldsBy?: FoldUnit | undefined;
  /** Of the shuffle of the folds. */
  seed: number;
}

/**
 * K-fold errors of records of a family, or of any; writes the tables, the predictions and `rmse_<family>.json`. With `foldsBy` group
 * the files are `..._<family>_grouped...`: they stand beside those of the paper's protocol.
 */
export async function rmse(out: OutputFolder, options: RmseOptions): Promise<FamilyTables & Evaluation> {
  const { family, folds, foldsBy = 'row', seed, onProgress, signal } = options;
  const booster = parseBoosterOptions(options.booster ?? '');
  const inputs = await evaluationInputs(options);
  const { table, recipes } = inputs;
  const tables = await crossValidate(table, family, {
    booster,
    folds,
    foldsBy,
    seed,
    recipes,
    ...(signal ? { signal } : {}),
    onProgress: ({ done, total }) => onProgress?.({ stage: `rmse ${family}`, done, total }),
  });
  const suffix = foldsBy === 'row' ? '' : '_grouped';
  await writeTables(out, tables, recipes, suffix);
  const together = foldsBy === 'row' ? '' : ', rows that differ only in learning rate or optimizer held out together';
  const ablation = await ablationOf(
    out,
    `rmse_${family}${suffix}`,
    () => crossValidationFolds(table, family, { folds, foldsBy, seed }),
    inputs,
    options,
  );
  const obtained = {
    overall: `out-of-fold predictions of ${folds}-fold cross-validation (shuffled, seed ${seed}${together}) over ${table.rows.length} records`,
    configurations: 'the same predictions by model, vcpu and storage',
    metrics: `the same predictions; ${aboutIntervals(seed)}`,
    records: aboutRecords(table),
  };
  const { predictions: _inTheirOwnFile, ...summary } = tables;
  out.writeJson(`rmse_${family}${suffix}.json`, resultHeader(obtained), {
    ...summary,
    ...(ablation && { ablation }),
    recipes,
    ...leftOutRecipes(inputs),
    folds_by: foldsBy,
    booster,
    files: options.files,
    ignored_records: table.ignored,
    emulated_records_left_out: table.emulated,
  });
  return { ...tables, ablation };
}
