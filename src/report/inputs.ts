import type { EvaluatedFamily, Row } from '../base/columns.js';
import type { ResultHeader } from '../base/provenance.js';
import type { FamilyTables } from '../base/tables.js';
import type { Facts } from './facts.js';

/** What one page shows. Whatever was not measured is an empty list or null, and the page says so. */
export interface ReportInputs {
  /** Of the run that wrote the page. */
  header: ResultHeader;
  /** Result documents of `doctor`, `host`, `gpu` and `storage`; content null where there is none. */
  documents: ReportDocument[];
  families: ReportFamily[];
  figures: ReportFigure[];
  /** Figures that the results don't allow, with the reason. */
  leftOut: { name: string; reason: string }[];
}

export interface ReportDocument {
  title: string;
  /** As read from JSON, its result header included. */
  content: Facts | null;
}

export interface ReportFamily {
  family: EvaluatedFamily;
  /** Records as read from CSV, failed ones too. */
  records: Row[];
  /** null where the family was not evaluated */
  tables: FamilyTables | null;
}

export interface ReportFigure {
  name: string;
  title: string;
  caption: string;
  /** A whole SVG document. */
  svg: string;
}
