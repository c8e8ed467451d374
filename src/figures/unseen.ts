import { familyLabel } from '../base/columns.js';
import type { FigureKind } from './figure.js';
import { notReal, recordsBehind } from './provenance.js';
import { pairOf, type RecipeErrors, type RmseGroup, rmseBars, seriesOf } from './rmse-bars.js';

/** RMSE of both recipes for what the fitted models had not seen: columns of `logo_<family>_summary.csv`. */
export interface UnseenRow extends RecipeErrors {
  /** What was left out: a GPU, or as `holdout` says. */
  GPU: string;
  /** gpu where it is absent. */
  holdout?: Holdout;
}

type Holdout = 'gpu' | 'family' | 'model';

/** What the groups of bars are. */
export const unseenTitles: Record<Holdout, string> = {
  gpu: 'Unseen GPU',
  family: 'Unseen GPU family',
  model: 'Unseen model',
};

const vendor = /^(NVIDIA|AMD|Intel) (?=\S)/;

/** In the order of the paper's figures: ORION's smallest error first. A vendor that all cards share goes without saying. */
export function unseenGroups(rows: readonly UnseenRow[]): RmseGroup[] {
  const vendors = new Set(rows.map((row) => vendor.exec(String(row.GPU))?.[0]));
  const shown = (name: string): string => (vendors.size === 1 ? name.replace(vendor, '') : name);
  const rank = (row: UnseenRow): number => row.RMSE_ORION_ms ?? row.RMSE_PreNeT_ms ?? 0;
  return [...rows].sort((a, b) => rank(a) - rank(b)).map((row) => pairOf(shown(String(row.GPU)), row));
}

/** RMSE of PreNeT and ORION for each GPU that was left out of the fit, as the paper's Figures 2-4. */
export const unseen: FigureKind = {
  name: 'unseen',
  draw({ family, records, predictions, unseen: rows }) {
    const groups = unseenGroups(rows);
    if (seriesOf(groups).length === 0)
      return { reason: 'there is no RMSE of PreNeT or ORION per unseen GPU: run logo first' };
    const behind = recordsBehind(
      records,
      predictions.map((row) => row.record_id),
    );
    const title = unseenTitles[rows[0]!.holdout ?? 'gpu'];
    const label = familyLabel[family];
    return {
      specs: rmseBars(groups, title, notReal(behind).join(' · ')),
      title: `Prediction error by ${title.replace('Unseen', 'unseen')}, ${label}`,
      caption:
        `Root mean square error of the predicted iteration time of the ${label} models (lower is better): PreNeT beside ` +
        'ORION, for each group of bars fitted to the records of all the others.',
    };
  },
};
