import { InputError, messageOf } from '../base/errors.js';
import type { OnNote } from '../base/progress.js';
import { resultHeader } from '../base/provenance.js';
import { fitHybrid } from '../model/hybrid/fit.js';
import type { HybridModel } from '../model/hybrid/model.js';
import { hybridToJson } from '../model/hybrid/model-file.js';
import { deviceTerms } from '../physics/device-terms.js';
import { replaceFile } from '../records/replace-file.js';
import { readPredictorRecords } from './predictor-rows.js';

/** Recipes that `fit` knows: with the learned correction, and the physical estimate alone. */
export const fittedRecipes = ['hybrid', 'physics'] as const;
export type FittedRecipe = (typeof fittedRecipes)[number];

export interface FitOptions {
  files: readonly string[];
  recipe: FittedRecipe;
  /** Where the model goes. */
  modelFile: string;
  includeEmulated?: boolean | undefined;
  onNote?: OnNote | undefined;
}

export interface FitSummary {
  model_file: string;
  recipe: FittedRecipe;
  rows: number;
  /** By name of the term. */
  coefficients: Record<string, number>;
  transfer: number;
  devices: { gpu_name: string; rows: number; half_width_percent: number }[];
  unseen_half_width_percent: number | null;
  /** The same by kind of network: cnn, mlp, transformer. */
  unseen_half_width_percent_by_kind: Record<string, number>;
  networks: string[];
  unseen_network_half_width_percent: number | null;
  notes: string[];
}

/** Widens a prediction upwards by that many percent. */
const percentOf = (halfWidth: number): number => 100 * (Math.exp(halfWidth) - 1);

const percentOrNull = (halfWidth: number | null) => (halfWidth === null ? null : percentOf(halfWidth));

function summaryOf(model: HybridModel, { recipe, modelFile }: FitOptions): FitSummary {
  return {
    model_file: modelFile,
    recipe,
    rows: model.rows,
    coefficients: Object.fromEntries(deviceTerms.map((term, i) => [term, model.device.coefficients[i]!])),
    transfer: model.transfer,
    devices: model.devices.map(({ name, rows, halfWidth }) => ({
      gpu_name: name,
      rows,
      half_width_percent: percentOf(halfWidth),
    })),
    unseen_half_width_percent: percentOrNull(model.unseenHalfWidth),
    unseen_half_width_percent_by_kind: Object.fromEntries(
      Object.entries(model.unseenHalfWidthOfKind).map(([kind, halfWidth]) => [kind, percentOf(halfWidth)]),
    ),
    networks: model.networks.map(({ name }) => name),
    unseen_network_half_width_percent: percentOrNull(model.unseenNetworkHalfWidth),
    notes: model.notes,
  };
}

/** Fits a predictor to records and writes it as one JSON document. */
export async function fit(options: FitOptions): Promise<FitSummary> {
  const rows = await readPredictorRecords(options.files, ['gpu_name', 'batch_size', 'avg_batch_time_ms'], options);
  const model = fitHybrid(rows, { without: options.recipe === 'physics' ? ['correction'] : [] });
  const header = resultHeader({
    model: `fitted to ${rows.length} records; recipe ${options.recipe}; intervals from rows, GPU families and networks left out`,
  });
  const { modelFile } = options;
  await replaceFile(modelFile, `${JSON.stringify({ ...header, ...hybridToJson(model) })}\n`).catch((error) => {
    if (!(error instanceof InputError)) throw error;
    const { cause } = error;
    throw new InputError(`--model ${modelFile} could not be written: ${messageOf(cause)}.`, { cause });
  });
  return summaryOf(model, options);
}
