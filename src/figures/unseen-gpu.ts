import { familyLabel } from '../base/columns.js';
import type { FigureKind } from './figure.js';
import { notReal, recordsBehind } from './provenance.js';
import { type RmsePair, rmseBars } from './rmse-bars.js';

/** RMSE of both recipes for a GPU that the fitted models had not seen: columns of `logo_<family>_summary.csv`. */
export interface UnseenGpu {
  GPU: string;
  RMSE_ORION_ms: number;
  RMSE_PreNeT_ms: number;
}

/** In the order of the paper's figures: ORION's smallest error first. */
export function unseenGpuPairs(rows: readonly UnseenGpu[]): RmsePair[] {
  return rows
    .map((row) => ({ group: String(row.GPU), prenetMs: row.RMSE_PreNeT_ms, orionMs: row.RMSE_ORION_ms }))
    .sort((a, b) => a.orionMs - b.orionMs);
}

export const unseenGpuTitle = 'Unseen GPU';

/** RMSE of PreNeT and ORION for each GPU that was left out of the fit, as the paper's Figures 2-4. */
export const unseenGpu: FigureKind = {
  name: 'unseen-gpu',
  draw({ family, records, predictions, unseenGpus }) {
    if (unseenGpus.length === 0) return { reason: 'there is no RMSE per unseen GPU: run logo first' };
    const behind = recordsBehind(
      records,
      predictions.map((row) => row.record_id),
    );
    const label = familyLabel[family];
    return {
      specs: rmseBars(unseenGpuPairs(unseenGpus), unseenGpuTitle, notReal(behind).join(' · ')),
      title: `Prediction error by unseen GPU, ${label}`,
      caption:
        `Root mean square error of the predicted iteration time of the ${label} models on each GPU (lower is better), ` +
        'predicted by models that were fitted to the records of all the others: PreNeT beside ORION.',
    };
  },
};
