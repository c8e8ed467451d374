import { resultHeader } from '../base/provenance.js';
import type { Holdout, UnseenTables } from '../base/tables.js';
import { leaveOneOut, leaveOneOutFolds } from '../evaluate/leave-one-out.js';
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
import { writeUnseenTables } from './tables.js';

export interface LogoOptions extends EvaluationRequest {
  /** What is left out, one after the other. */
  holdout: Holdout;
}

const seed = 42;

const leftOut: Record<Holdout, string> = {
  gpu: 'each GPU (gpu_name)',
  family: 'each family of GPUs (gpu_arch)',
  model: 'each model',
  vcpu: 'each number of workers (vcpu)',
  storage: 'each storage mode (storage)',
};

/** Errors of the records of a family, or of any, on what no fitted model has seen; writes the tables, the predictions and `logo_<family>.json`. */
export async function logo(out: OutputFolder, options: LogoOptions): Promise<UnseenTables & Evaluation> {
  const { family, holdout, onProgress, signal } = options;
  const booster = parseBoosterOptions(options.booster ?? '');
  const inputs = await evaluationInputs(options);
  const { table, recipes } = inputs;
  const tables = await leaveOneOut(table, family, {
    booster,
    holdout,
    recipes,
    seed,
    ...(signal ? { signal } : {}),
    onProgress: ({ done, total }) => onProgress?.({ stage: `logo ${family}`, done, total }),
  });
  await writeUnseenTables(out, tables, recipes);
  const ablation = await ablationOf(out, `logo_${family}`, () => leaveOneOutFolds(table, holdout), inputs, options);
  const obtained = {
    summary: `${leftOut[holdout]} predicted by what was learnt from all the others, over ${table.rows.length} records`,
    'vcpu, storage, batch': 'the same predictions by GPU, model and that column',
    metrics: `the same predictions; ${aboutIntervals(seed)}`,
    records: aboutRecords(table),
  };
  const { predictions: _inTheirOwnFile, ...summary } = tables;
  out.writeJson(`logo_${family}.json`, resultHeader(obtained), {
    ...summary,
    ...(ablation && { ablation }),
    recipes,
    ...leftOutRecipes(inputs),
    booster,
    files: options.files,
    ignored_records: table.ignored,
    emulated_records_left_out: table.emulated,
  });
  return { ...tables, ablation };
}
