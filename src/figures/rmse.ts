import { familyLabel } from '../base/columns.js';
import type { FamilyInputs, FigureKind } from './figure.js';
import { byName } from './groups.js';
import { provenanceNote, recordsBehind } from './provenance.js';
import { pairOf, type RecipeErrors, type RmseGroup, rmseBars, seriesOf } from './rmse-bars.js';
import { baselineMean, baselineRoofline } from './series.js';

/** Out-of-fold RMSE of a model: columns of `rmse_<family>_overall.csv`; a baseline that was not evaluated is absent or null. */
export interface OverallErrors extends RecipeErrors {
  model: string;
  RMSE_mean_ms?: number | null;
  RMSE_roofline_ms?: number | null;
}

const pair = (row: OverallErrors): RmseGroup => pairOf(row.model, row);

const withBaselines = (row: OverallErrors): RmseGroup => ({
  group: row.model,
  errors: [
    { series: baselineMean, ms: row.RMSE_mean_ms ?? null },
    { series: baselineRoofline, ms: row.RMSE_roofline_ms ?? null },
    ...pair(row).errors,
  ],
});

const byModel = (rows: readonly OverallErrors[], groupOf: (row: OverallErrors) => RmseGroup): RmseGroup[] =>
  rows.map(groupOf).sort((a, b) => byName(a.group, b.group));

function noteOf({ records, predictions }: FamilyInputs): string {
  const behind = recordsBehind(
    records,
    predictions.map((row) => row.record_id),
  );
  return provenanceNote(
    behind,
    predictions.map((row) => row.gpu_name),
  );
}

const measure = (family: FamilyInputs['family']): string =>
  `Root mean square error of the predicted iteration time of the ${familyLabel[family]} models (lower is better), out-of-fold`;

/** Out-of-fold RMSE of PreNeT and ORION per model (the numbers of the paper's Table 3). */
export const rmse: FigureKind = {
  name: 'rmse',
  draw(inputs) {
    const groups = byModel(inputs.overall, pair);
    if (seriesOf(groups).length === 0)
      return { reason: 'there is no RMSE of PreNeT or ORION per model: run rmse first' };
    return {
      specs: rmseBars(groups, 'Model', noteOf(inputs)),
      title: `Prediction error by model, ${familyLabel[inputs.family]}`,
      caption: `${measure(inputs.family)}: PreNeT, which models compute alone, beside ORION, which also sees loader workers and storage.`,
    };
  },
};

/** The same beside plain baselines: whatever a recipe is worth, it should beat these. */
export const rmseBaselines: FigureKind = {
  name: 'rmse-baselines',
  draw(inputs) {
    const groups = byModel(inputs.overall, withBaselines);
    const drawn = seriesOf(groups);
    if (!drawn.includes(baselineMean) && !drawn.includes(baselineRoofline)) {
      return { reason: 'there is no RMSE of the baselines mean and roofline per model: run rmse with them' };
    }
    return {
      specs: rmseBars(groups, 'Model', noteOf(inputs)),
      title: `Prediction error beside plain baselines, ${familyLabel[inputs.family]}`,
      caption: `${measure(inputs.family)}: the mean of the training rows and the plain roofline beside the recipes.`,
    };
  },
};
