import type { TopLevelSpec } from 'vega-lite';
import type { Family, Row } from '../base/columns.js';
import type { FamilyTables } from '../base/tables.js';

/** A figure: what to draw, and the words that go with it. */
export interface Figure {
  /** File name without ending, e.g. `measured-predicted-cnn`. */
  name: string;
  title: string;
  caption: string;
  spec: TopLevelSpec;
}

/** What is known of one family; `tables` is null where it was not evaluated. */
export interface FamilyInputs {
  family: Family;
  /** Records as read from CSV, failed ones too. */
  records: Row[];
  tables: FamilyTables | null;
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

/** What a figure's module makes: its pages (one, or more where it is too wide for a page), or why there are none. */
export type Drawn = { specs: TopLevelSpec[]; title: string; caption: string } | { reason: string };

/** One file per figure exports one of these. */
export interface FigureKind {
  /** Beginning of the figure's name; the family follows. */
  name: string;
  draw(inputs: FamilyInputs): Drawn;
}
