import { evaluatedLabel } from '../base/columns.js';
import type { FigureKind } from './figure.js';
import { evaluationNote } from './provenance.js';
import { modelGroups } from './rmse.js';
import { allOf, hasBaselines, rmseBars } from './rmse-bars.js';

/** Out-of-fold RMSE per model of all recipes: whatever one is worth, it should beat the plain baselines. */
export const rmseBaselines: FigureKind = {
  name: 'rmse-baselines',
  draw(inputs) {
    const groups = modelGroups(inputs.overall, allOf);
    if (!hasBaselines(groups)) {
      return { reason: 'there is no RMSE of mean, roofline or hybrid per model: run rmse with them' };
    }
    const label = evaluatedLabel[inputs.family];
    return {
      specs: rmseBars(groups, 'Model', evaluationNote(inputs)),
      title: `Prediction error beside plain baselines, ${label}`,
      caption:
        `Root mean square error of the predicted iteration time of the ${label} models (lower is better): the mean of the ` +
        'training rows and the plain roofline beside PreNeT, ORION and our own predictor (hybrid). Out-of-fold predictions.',
    };
  },
};
