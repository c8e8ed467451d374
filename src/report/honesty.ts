import { evaluatedLabel, type Row } from '../base/columns.js';
import { html, type Markup } from './html.js';
import type { ReportFamily } from './inputs.js';

const kinds = [
  {
    column: 'data',
    value: 'synthetic',
    title: 'Synthetic data',
    about: 'made by orion-bench in the real format; content and size may differ from the published set',
  },
  {
    column: 'timing',
    value: 'emulated',
    title: 'Emulated accelerator',
    about: 'the device step is a wait of a known length; storage, decode and loader are real',
  },
] as const;

const count = (records: readonly Row[], column: string, value: string): number =>
  records.filter((row) => row[column] === value).length;

/** What about the numbers is not real, said before the first of them. */
export function honestyLabels(families: readonly ReportFamily[]): Markup {
  const labels = kinds.flatMap(({ column, value, title, about }) => {
    const found = families
      .map(({ family, records }) => ({ family, all: records.length, some: count(records, column, value) }))
      .filter(({ some }) => some > 0);
    if (found.length === 0) return [];
    const where = found.map(({ family, all, some }) => `${evaluatedLabel[family]} ${some} of ${all} trials`).join(', ');
    return [html`<p class="label" role="note"><strong>${title}:</strong> ${where} (${about}).</p>\n`];
  });
  return html`${labels}`;
}
