import { evaluatedLabel } from '../base/columns.js';
import { InputError } from '../base/errors.js';
import { type Holdout, holdoutNames } from '../base/tables.js';
import type { FigureKind } from './figure.js';
import { notReal, recordsBehind } from './provenance.js';
import { pairOf, type RmseGroup, rmseBars, seriesOf } from './rmse-bars.js';
import type { UnseenErrors } from './tables.js';

/** What the groups of bars are. */
export const unseenTitle = (holdout: Holdout): string => `Unseen ${holdoutNames[holdout]}`;

const vendor = /^(NVIDIA|AMD|Intel) (?=\S)/;

/** In the order of the paper's figures: ORION's smallest error first. A vendor that all cards share goes without saying. */
export function unseenGroups(
  rows: readonly UnseenErrors[],
  errorsOf: (row: UnseenErrors) => RmseGroup['errors'] = pairOf,
): RmseGroup[] {
  const vendors = new Set(rows.map((row) => vendor.exec(String(row.GPU))?.[0]));
  const shown = (name: string): string => (vendors.size === 1 ? name.replace(vendor, '') : name);
  const rank = (row: UnseenErrors): number => row.RMSE_ORION_ms ?? row.RMSE_PreNeT_ms ?? row.RMSE_hybrid_ms ?? 0;
  return [...rows]
    .sort((a, b) => rank(a) - rank(b))
    .map((row) => ({ group: shown(String(row.GPU)), errors: errorsOf(row) }));
}

export function titleOf({ holdout = 'gpu' }: UnseenErrors): string {
  if (Object.hasOwn(holdoutNames, holdout)) return unseenTitle(holdout);
  throw new InputError(
    `Figure: the column holdout says '${holdout}'; expected ${Object.keys(holdoutNames).join(', ')}.`,
  );
}

/** RMSE of PreNeT and ORION for each GPU that was left out of the fit, as the paper's Figures 2-4. */
export const unseen: FigureKind = {
  name: 'unseen',
  draw(inputs) {
    const { family, unseen: rows } = inputs;
    const groups = unseenGroups(rows);
    if (seriesOf(groups).length === 0)
      return { reason: 'there is no RMSE of PreNeT or ORION per unseen GPU: run logo first' };
    const title = titleOf(rows[0]!);
    const label = evaluatedLabel[family];
    return {
      specs: rmseBars(groups, title, notReal(recordsBehind(inputs)).join(' · ')),
      title: `Prediction error by ${title.replace('Unseen', 'unseen')}, ${label}`,
      caption:
        `Root mean square error of the predicted iteration time of the ${label} models (lower is better): PreNeT beside ` +
        'ORION, for each group of bars fitted to the records of all the others.',
    };
  },
};
