import { familyLabel } from '../base/columns.js';
import type { FigureKind } from './figure.js';
import { byName } from './groups.js';
import { provenanceNote, recordsBehind } from './provenance.js';
import { rmseBars } from './rmse-bars.js';

/** Out-of-fold RMSE of PreNeT and ORION per model (the numbers of the paper's Table 3). */
export const rmse: FigureKind = {
  name: 'rmse',
  draw({ family, records, overall, predictions }) {
    if (overall.length === 0) return { reason: 'there is no RMSE per model: run rmse first' };
    const behind = recordsBehind(
      records,
      predictions.map((row) => row.record_id),
    );
    const note = provenanceNote(
      behind,
      predictions.map((row) => row.gpu_name),
    );
    const pairs = overall
      .map((row) => ({ group: row.model, prenetMs: row.RMSE_PreNeT_ms, orionMs: row.RMSE_ORION_ms }))
      .sort((a, b) => byName(a.group, b.group));
    const label = familyLabel[family];
    return {
      specs: rmseBars(pairs, 'Model', note),
      title: `Prediction error by model, ${label}`,
      caption:
        `Root mean square error of the predicted iteration time of the ${label} models (lower is better): PreNeT, which ` +
        'models compute alone, beside ORION, which also sees loader workers and storage. Out-of-fold predictions.',
    };
  },
};
