import { evaluatedLabel } from '../base/columns.js';
import type { ConfigurationRow, OverallRow } from '../base/tables.js';
import { html, type Markup } from './html.js';
import type { ReportFamily } from './inputs.js';
import { type TableColumn, table } from './table.js';
import { formatMs } from './values.js';

/** Cells of a table that was read from CSV: null where a recipe was not evaluated. */
const ms = (value: number | null): string => (value === null ? '' : formatMs(value));
const percent = (value: number | null): string => (value === null ? '' : `${value.toFixed(1)}%`);

const overall: readonly TableColumn<OverallRow>[] = [
  { title: 'Model', cell: (row) => row.model },
  { title: 'RMSE ORION, ms', cell: (row) => ms(row.RMSE_ORION_ms), numeric: true },
  { title: 'RMSE PreNeT, ms', cell: (row) => ms(row.RMSE_PreNeT_ms), numeric: true },
  { title: 'Improvement', cell: (row) => percent(row['Improvement_%']), numeric: true },
  { title: 'RMSE hybrid, ms', cell: (row) => ms(row.RMSE_hybrid_ms ?? null), numeric: true },
];

const byConfiguration: readonly TableColumn<ConfigurationRow>[] = [
  { title: 'Model', cell: (row) => row.model },
  { title: 'Workers', cell: (row) => row.vcpu, numeric: true },
  { title: 'Storage', cell: (row) => row.storage },
  { title: 'RMSE ORION, ms', cell: (row) => ms(row.RMSE_ORION_ms), numeric: true },
  { title: 'RMSE PreNeT, ms', cell: (row) => ms(row.RMSE_PreNeT_ms), numeric: true },
  { title: 'Improvement', cell: (row) => percent(row['Improvement_ORION_vs_PreNeT_%']), numeric: true },
  { title: 'RMSE hybrid, ms', cell: (row) => ms(row.RMSE_hybrid_ms ?? null), numeric: true },
];

/** RMSE of the predicted iteration times, per model and per configuration. */
export function evaluationTables({ family, tables }: ReportFamily): Markup[] {
  const label = evaluatedLabel[family];
  if (!tables) return [html`<p class="missing">${label}: not evaluated.</p>`];
  return [
    table(`${label}: RMSE by model`, overall, tables.overall),
    html`<details><summary>${label}: RMSE by configuration (${tables.configurations.length} rows)</summary>
${table(`${label}: RMSE by model, workers and storage`, byConfiguration, tables.configurations)}</details>`,
  ];
}
