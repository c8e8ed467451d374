import { evaluatedLabel } from '../base/columns.js';
import type { FigureKind } from './figure.js';
import { evaluationNote } from './provenance.js';
import { modelGroups } from './rmse.js';
import { pairOf, rmseBars, seriesOf } from './rmse-bars.js';
import { baselineMean, baselineRoofline } from './series.js';

/** Out-of-fold RMSE per model beside plain baselines: whatever a recipe is worth, it should beat these. */
export const rmseBaselines: FigureKind = {
  name: 'rmse-baselines',
  draw(inputs) {
    const groups = modelGroups(inputs.overall, (row) => [
      { series: baselineMean, ms: row.RMSE_mean_ms ?? null },
      { series: baselineRoofline, ms: row.RMSE_roofline_ms ?? null },
      ...pairOf(row),
    ]);
    const drawn = seriesOf(groups);
    if (!drawn.includes(baselineMean) && !drawn.includes(baselineRoofline)) {
      return { reason: 'there is no RMSE of the baselines mean and roofline per model: run rmse with them' };
    }
    const label = evaluatedLabel[inputs.family];
    return {
      specs: rmseBars(groups, 'Model', evaluationNote(inputs)),
      title: `Prediction error beside plain baselines, ${label}`,
      caption:
        `Root mean square error of the predicted iteration time of the ${label} models (lower is better): the mean of the ` +
        'training rows and the plain roofline beside the recipes. Out-of-fold predictions.',
    };
  },
};
