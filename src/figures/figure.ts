import type { TopLevelSpec } from 'vega-lite';
import type { EvaluatedFamily, Row } from '../base/columns.js';
import type { PredictionRow } from '../base/tables.js';
import type { OverallErrors, UnseenErrors } from './tables.js';

/** A figure: what to draw, and the words that go with it. */
export interface Figure {
  /** File name without ending, e.g. `measured-predicted-cnn`. */
  name: string;
  title: string;
  caption: string;
  spec: TopLevelSpec;
}

/** What is known of one family; a table that was not computed is empty. */
export interface FamilyInputs {
  family: EvaluatedFamily;
  /** Records as read from CSV, failed ones too. */
  records: Row[];
  /** RMSE per model, of `rmse`. */
  overall: readonly OverallErrors[];
  /** Evaluated rows, of `rmse` or `logo`. */
  predictions: readonly PredictionRow[];
  /** RMSE per GPU (GPU family, model) that was left out, of `logo`. */
  unseen: readonly UnseenErrors[];
}

export interface FigureInputs {
  families: FamilyInputs[];
  /** Rows of `storage.csv`; none where storage was not measured. */
  storage?: readonly Row[];
}

/** A figure that its inputs don't allow. */
export interface LeftOut {
  name: string;
  reason: string;
}

/** What a figure's module makes: its pages (one, or more where it is too wide for a page), with the words to them. */
export interface Drawn {
  specs: TopLevelSpec[];
  title: string;
  caption: string;
}

/** The pages as figures of their own: `<name>`, `<name>-2`, ... */
export function figurePages(name: string, { specs, title, caption }: Drawn): Figure[] {
  return specs.map((spec, index) => ({
    name: index === 0 ? name : `${name}-${index + 1}`,
    title: specs.length > 1 ? `${title} (${index + 1} of ${specs.length})` : title,
    caption,
    spec,
  }));
}

/** One file per figure exports one of these. */
export interface FigureKind {
  /** Beginning of the figure's name; the family follows. */
  name: string;
  /** The figure, or why there is none. */
  draw(inputs: FamilyInputs): Drawn | { reason: string };
}
