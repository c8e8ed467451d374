import { type Content, html, type Markup } from './html.js';

export interface TableColumn<T> {
  title: string;
  cell(row: T): Content;
  /** Numbers are aligned to the right. */
  numeric?: boolean;
}

/** A table that scrolls by itself where the window is too narrow. */
export function table<T>(caption: string, columns: readonly TableColumn<T>[], rows: readonly T[]): Markup {
  const heading = columns.map(
    (column) => html`<th scope="col"${column.numeric ? numericClass : null}>${column.title}</th>`,
  );
  const body = rows.map(
    (row) =>
      html`<tr>${columns.map((column) => html`<td${column.numeric ? numericClass : null}>${column.cell(row)}</td>`)}</tr>\n`,
  );
  return html`<div class="scroll"><table><caption>${caption}</caption>
<thead><tr>${heading}</tr></thead>
<tbody>
${body}</tbody></table></div>
`;
}

const numericClass = html` class="number"`;
