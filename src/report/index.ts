import type { ResultHeader } from '../base/provenance.js';
import { bottleneckSummary } from './bottleneck.js';
import { evaluationTables } from './evaluation.js';
import { type Facts, factTables, missingFacts } from './facts.js';
import { figureMarkup } from './figures.js';
import { honestyLabels } from './honesty.js';
import { type Content, html, Markup } from './html.js';
import type { ReportDocument, ReportInputs } from './inputs.js';
import { style } from './style.js';
import { table } from './table.js';
import { trialTables } from './trials.js';

export type { Fact, Facts } from './facts.js';
export type { ReportDocument, ReportFamily, ReportFigure, ReportInputs } from './inputs.js';

interface Section {
  id: string;
  title: string;
  content: Content;
}

/** One HTML page that needs nothing but itself. All text is escaped. The same inputs give the same page. */
export function renderReport(inputs: ReportInputs): string {
  const { header, documents, families, figures, leftOut } = inputs;
  const sections: Section[] = [
    { id: 'bottleneck', title: 'Where the time goes', content: bottleneckSummary(families) },
    {
      id: 'figures',
      title: 'Figures',
      content: [html`<div class="figures">\n${figures.map(figureMarkup)}</div>`, leftOutList(leftOut)],
    },
    { id: 'accuracy', title: 'How well it is predicted', content: families.flatMap(evaluationTables) },
    { id: 'trials', title: 'Trials', content: families.flatMap(trialTables) },
    { id: 'machine', title: 'Machine', content: [machineTable(header), documents.flatMap(documentTables)] },
    { id: 'provenance', title: 'How each number was obtained', content: provenance(inputs) },
  ];
  const { machine } = header;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>orion-bench: ${machine.cpu_model}, ${header.started_at}</title>
<style>${new Markup(style)}</style>
</head>
<body>
<header>
<h1>orion-bench report</h1>
<p class="subtitle">${machine.cpu_model} · ${header.devices.join(', ') || 'no device named'} · ${header.started_at}</p>
${honestyLabels(families)}</header>
<nav aria-label="Sections">${sections.map(({ id, title }) => html`<a href="#${id}">${title}</a>\n`)}</nav>
<main>
${sections.map(sectionMarkup)}</main>
</body>
</html>
`;
  return page.text;
}

function sectionMarkup({ id, title, content }: Section): Markup {
  return html`<section aria-labelledby="${id}">
<h2 id="${id}">${title}</h2>
${content}
</section>
`;
}

function leftOutList(leftOut: ReportInputs['leftOut']): Content {
  if (leftOut.length === 0) return null;
  const items = leftOut.map(({ name, reason }) => html`<li>${name}: ${reason}</li>\n`);
  return html`<p>Left out:</p>\n<ul>\n${items}</ul>`;
}

function machineTable({ machine }: ResultHeader): Markup {
  return factTables('This machine', { ...machine })[0]!;
}

/** Names of the block that every result document begins with. */
const headerKeys: ReadonlySet<string> = new Set<keyof ResultHeader>([
  'tool',
  'orion_version',
  'ort_version',
  'node_version',
  'command',
  'started_at',
  'machine',
  'devices',
  'clocks',
  'obtained',
]);

function documentTables({ title, content }: ReportDocument): Markup[] {
  if (content === null) return [missingFacts(title)];
  const body: Facts = Object.fromEntries(Object.entries(content).filter(([key]) => !headerKeys.has(key)));
  return factTables(title, body);
}

interface Obtained {
  document: string;
  what: string;
  how: string;
}

function provenance({ header, documents }: ReportInputs): Content {
  const rows = [
    ...obtainedRows('This run', header.obtained),
    ...documents.flatMap(({ title, content }) => obtainedRows(title, content?.obtained)),
  ];
  const columns = [
    { title: 'Result', cell: (row: Obtained) => row.document },
    { title: 'Number', cell: (row: Obtained) => row.what },
    { title: 'How it was obtained', cell: (row: Obtained) => row.how },
  ];
  const clocks = Object.entries(header.clocks).map(([what, clock]) => html`<li>Clock of ${what}: ${clock}</li>\n`);
  return html`${table('Provenance of the numbers', columns, rows)}
<ul>
${clocks}<li>Versions: orion-bench ${header.orion_version}, ONNX Runtime ${header.ort_version}, Node ${header.node_version}</li>
<li>Command: <code>orion-bench ${header.command.join(' ')}</code></li>
</ul>`;
}

function obtainedRows(document: string, obtained: unknown): Obtained[] {
  if (obtained === null || typeof obtained !== 'object') return [];
  return Object.entries(obtained).map(([what, how]) => ({ document, what, how: String(how) }));
}
