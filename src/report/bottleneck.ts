import { evaluatedLabel } from '../base/columns.js';
import { html, type Markup } from './html.js';
import type { ReportFamily } from './inputs.js';
import { isMeasured } from './records.js';
import { type TableColumn, table } from './table.js';

/** How many trials of a model waited for the host longer than they computed. */
export interface BottleneckCount {
  family: string;
  model: string;
  trials: number;
  hostBound: number;
}

/** Counts of the `bottleneck` column per family and model, in the order of the records. */
export function countBottlenecks(families: readonly ReportFamily[]): BottleneckCount[] {
  return families.flatMap(({ family, records }) => {
    const counts = new Map<string, BottleneckCount>();
    for (const row of records.filter(isMeasured)) {
      const model = String(row.model ?? '–');
      const count = counts.get(model) ?? { family: evaluatedLabel[family], model, trials: 0, hostBound: 0 };
      count.trials++;
      if (row.bottleneck === 'host') count.hostBound++;
      counts.set(model, count);
    }
    return [...counts.values()];
  });
}

const columns: readonly TableColumn<BottleneckCount>[] = [
  { title: 'Family', cell: ({ family }) => family },
  { title: 'Model', cell: ({ model }) => model },
  { title: 'Trials', cell: ({ trials }) => trials, numeric: true },
  { title: 'Host-bound', cell: ({ hostBound }) => hostBound, numeric: true },
  { title: 'Device-bound', cell: ({ trials, hostBound }) => trials - hostBound, numeric: true },
];

/** What limits the trials, in a sentence and a table. */
export function bottleneckSummary(families: readonly ReportFamily[]): Markup {
  const counts = countBottlenecks(families);
  const trials = counts.reduce((sum, count) => sum + count.trials, 0);
  if (trials === 0) return html`<p class="missing">No trial was measured.</p>`;
  const hostBound = counts.reduce((sum, count) => sum + count.hostBound, 0);
  return html`<p><strong>${hostBound} of ${trials} trials were host-bound.</strong> ${meaning(hostBound, trials)}</p>
<p>Host-bound: an iteration waits for the loader at least as long as it computes. Device-bound: it computes longer than
it waits. Loading that is hidden behind the compute does not count as waiting.</p>
${table('Bottleneck by model', columns, counts)}`;
}

function meaning(hostBound: number, trials: number): string {
  const feed =
    'more loader workers, faster storage or cheaper decoding would shorten them, a faster accelerator hardly';
  const device = 'a faster device or a smaller model would shorten them, more loader workers or faster storage hardly';
  if (hostBound === 0) return `The device is the limit in all of them: ${device}.`;
  if (hostBound === trials) return `Feeding data is the limit in all of them: ${feed}.`;
  return `In those, feeding data is the limit: ${feed}. In the others it is the device: ${device}.`;
}
