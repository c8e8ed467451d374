import { evaluatedLabel } from '../base/columns.js';
import type { FigureKind } from './figure.js';
import { byName } from './groups.js';
import { evaluationNote } from './provenance.js';
import { pairOf, type RmseGroup, rmseBars, seriesOf } from './rmse-bars.js';
import type { OverallErrors } from './tables.js';

/** A group of bars per model, in the order of all figures. */
export function modelGroups(
  rows: readonly OverallErrors[],
  errorsOf: (row: OverallErrors) => RmseGroup['errors'],
): RmseGroup[] {
  return rows.map((row) => ({ group: row.model, errors: errorsOf(row) })).sort((a, b) => byName(a.group, b.group));
}

/** Out-of-fold RMSE of PreNeT and ORION per model (the numbers of the paper's Table 3). */
export const rmse: FigureKind = {
  name: 'rmse',
  draw(inputs) {
    const groups = modelGroups(inputs.overall, pairOf);
    if (seriesOf(groups).length === 0)
      return { reason: 'there is no RMSE of PreNeT or ORION per model: run rmse first' };
    const label = evaluatedLabel[inputs.family];
    return {
      specs: rmseBars(groups, 'Model', evaluationNote(inputs)),
      title: `Prediction error by model, ${label}`,
      caption:
        `Root mean square error of the predicted iteration time of the ${label} models (lower is better): PreNeT, which ` +
        'models compute alone, beside ORION, which also sees loader workers and storage. Out-of-fold predictions.',
    };
  },
};
