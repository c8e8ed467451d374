import { html, type Markup } from './html.js';
import { type TableColumn, table } from './table.js';
import { formatValue, labelOf } from './values.js';

/** A result document, or a part of one, as JSON gives it. */
export type Fact = string | number | boolean | null | readonly Fact[] | { readonly [key: string]: Fact };
export type Facts = { readonly [key: string]: Fact };

type Scalar = string | number | boolean | null;
type Entry = { path: readonly string[]; value: Scalar };

const isScalar = (fact: Fact): fact is Scalar => fact === null || typeof fact !== 'object';
const isList = (fact: Fact): fact is readonly Fact[] => Array.isArray(fact);
const isRecords = (fact: Fact): fact is readonly Facts[] =>
  isList(fact) && fact.length > 0 && fact.every((each) => each !== null && typeof each === 'object' && !isList(each));

/** Lists longer than this (raw samples) are counted, not printed. */
const longestPrintedList = 16;
/** Tables with more columns are turned: a row per property, a column per record. */
const mostColumns = 8;

/** A document's properties as a table, and each list of records in it as a table of its own. */
export function factTables(title: string, facts: Facts): Markup[] {
  const plain = Object.entries(facts).filter(([, fact]) => !isRecords(fact));
  const entries = plain.flatMap(([key, fact]) => flatten([key], fact));
  const lists = Object.entries(facts).flatMap(([key, fact]) =>
    isRecords(fact) ? [recordsTable(title, key, fact)] : [],
  );
  return [...(entries.length > 0 ? [propertyTable(title, entries)] : []), ...lists];
}

function propertyTable(title: string, entries: readonly Entry[]): Markup {
  const columns: TableColumn<Entry>[] = [
    { title: 'Property', cell: ({ path }) => labelOf(path) },
    { title: 'Value', cell: ({ path, value }) => formatValue(path, value) },
  ];
  return table(title, columns, entries);
}

function recordsTable(title: string, key: string, records: readonly Facts[]): Markup {
  const rows = records.map((record) => flatten([], record));
  const labels = [...new Set(rows.flat().map(({ path }) => labelOf(path)))];
  const cell = (row: readonly Entry[], label: string): string => {
    const entry = row.find(({ path }) => labelOf(path) === label);
    return entry ? formatValue(entry.path, entry.value) : '–';
  };
  const caption = `${title}: ${labelOf([key])}`;
  if (labels.length <= mostColumns) {
    return table(
      caption,
      labels.map((label) => ({ title: label, cell: (row: Entry[]) => cell(row, label) })),
      rows,
    );
  }
  const turned: TableColumn<string>[] = [
    { title: 'Property', cell: (label) => label },
    ...rows.map((row, index) => ({ title: String(index + 1), cell: (label: string) => cell(row, label) })),
  ];
  return table(caption, turned, labels);
}

function flatten(path: readonly string[], fact: Fact): Entry[] {
  if (isScalar(fact)) return [{ path, value: fact }];
  if (isList(fact)) return [{ path, value: listText(path, fact) }];
  return Object.entries(fact).flatMap(([key, value]) => flatten([...path, key], value));
}

function listText(path: readonly string[], list: readonly Fact[]): string {
  if (list.length > longestPrintedList) return `${list.length} values`;
  return list.map((each) => (isScalar(each) ? formatValue(path, each) : JSON.stringify(each))).join(', ');
}

/** For a sheet whose document is missing. */
export function missingFacts(title: string): Markup {
  return html`<p class="missing">${title}: not measured in this run.</p>`;
}
