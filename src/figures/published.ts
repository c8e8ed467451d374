import { type Family, familyLabel } from '../base/columns.js';
import { type Figure, figurePages } from './figure.js';
import { measuredPredictedCharts } from './measured-predicted.js';
import { rmseBars } from './rmse-bars.js';
import type { UnseenErrors } from './tables.js';
import { unseenGroups, unseenTitle } from './unseen.js';

/** The rows of one of the paper's figures, and its number there. */
export interface PublishedFigure<Row> {
  figure: number;
  rows: readonly Row[];
}

/** Measured and predicted mean iteration time; the error is |predicted - measured| / measured, as it is printed. */
export interface PublishedTime {
  model: string;
  batch_size: number;
  measured_ms: number;
  predicted_ms: number;
  error_percent: number;
}

/** `models/published/orion-icpe-2026.json` */
export interface PublishedValues {
  /** Where the numbers were published. */
  source: string;
  families: Record<
    Family,
    { unseen_gpus: PublishedFigure<UnseenErrors>; iteration_times: PublishedFigure<PublishedTime> }
  >;
}

const note = 'Published values: ORION, ICPE 2026';

/** The paper's Figures 2-7 in their order, drawn from the published values. */
export function publishedFigures({ source, families }: PublishedValues): Figure[] {
  const entries = Object.entries(families) as [Family, PublishedValues['families'][Family]][];
  return [
    ...entries.flatMap(([family, values]) => errors(family, values.unseen_gpus, source)),
    ...entries.flatMap(([family, values]) => times(family, values.iteration_times, source)),
  ];
}

function errors(family: Family, { figure, rows }: PublishedFigure<UnseenErrors>, source: string): Figure[] {
  const label = familyLabel[family];
  return figurePages(`published-unseen-${family}`, {
    specs: rmseBars(unseenGroups(rows), unseenTitle('gpu'), note, String),
    title: `Prediction error by unseen GPU, ${label} (published, Figure ${figure})`,
    caption: `Root mean square error of PreNeT and ORION on each GPU that was left out of the fit. ${source}.`,
  });
}

function times(family: Family, { figure, rows }: PublishedFigure<PublishedTime>, source: string): Figure[] {
  const means = rows.map((row) => ({
    model: row.model,
    batchSize: row.batch_size,
    measuredMs: row.measured_ms,
    predictedMs: row.predicted_ms,
    absoluteErrorPercent: row.error_percent,
  }));
  const label = familyLabel[family];
  return figurePages(`published-measured-predicted-${family}`, {
    specs: measuredPredictedCharts(means, note),
    title: `Measured and predicted iteration time, ${label} (published, Figure ${figure})`,
    caption: `Mean measured and predicted (ORION) iteration time by model and batch size, with the absolute percentage error. ${source}.`,
  });
}
