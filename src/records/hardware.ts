import { hardwareColumns, type Row } from '../base/columns.js';
import { InputError } from '../base/errors.js';
import { type CatalogueEntry, cardFinder, type HardwareFacts, nearNames } from './catalogue.js';
import type { RecordTable } from './read.js';

/** What no recipe can do without; a card that the catalogue does not know may lack the other hardware columns. */
export const indispensableHardware: readonly string[] = ['GPU Memory Bandwidth (GB/s)', 'Memory (GB)', 'SM', 'FP32'];

const isAbsent = (row: Row, column: string): boolean => row[column] === null || row[column] === undefined;

function unknownCard(catalogue: readonly CatalogueEntry[], row: Row, index: number): InputError {
  const near = nearNames(catalogue, String(row.gpu_name ?? ''));
  const lacking = indispensableHardware.filter((column) => isAbsent(row, column)).join(', ');
  const hint = near.length > 0 ? ` Near names: ${near.join(', ')}.` : '';
  return new InputError(
    `Record ${index + 1}: the GPU '${row.gpu_name ?? ''}' is not in the catalogue and the record lacks ${lacking}; ` +
      `correct the name or add these columns.${hint}`,
  );
}

function fill(row: Row, facts: HardwareFacts, source: 'catalogue' | 'measured'): Row {
  const filled: Row = { ...row };
  let changed = false;
  for (const column of hardwareColumns) {
    if (!isAbsent(row, column) || (facts[column] ?? null) === null) continue;
    filled[column] = facts[column]!;
    changed = true;
  }
  if (changed) filled.hardware_source = source;
  return filled;
}

/** Throws InputError, with near names, where a row of a GPU that is not in the catalogue lacks what no recipe can do without. */
export function requireHardware(row: Row, index: number, catalogue: readonly CatalogueEntry[]): void {
  if (indispensableHardware.some((column) => isAbsent(row, column))) throw unknownCard(catalogue, row, index);
}

/**
 * Fills absent hardware columns by `gpu_name`, from what was measured on the device where there is such an entry, else
 * from the catalogue; `hardware_source` then says which. What a row has already is kept.
 * Throws InputError, with near names, for an unknown GPU whose row lacks what no recipe can do without.
 */
export function joinHardware(
  rows: readonly Row[],
  catalogue: readonly CatalogueEntry[],
  measured: ReadonlyMap<string, HardwareFacts> = new Map(),
): Row[] {
  const cardNamed = cardFinder(catalogue);
  return rows.map((row, index) => {
    if (!hardwareColumns.some((column) => isAbsent(row, column))) return row;
    const gpuName = String(row.gpu_name ?? '');
    const facts = measured.get(gpuName);
    if (facts) return fill(row, facts, 'measured');
    const card = cardNamed(gpuName);
    if (card) return fill(row, card.hardware, 'catalogue');
    requireHardware(row, index, catalogue);
    return row;
  });
}

/** As `joinHardware`, for a table: its columns then include whatever was filled. */
export function withHardware(
  table: RecordTable,
  catalogue: readonly CatalogueEntry[],
  measured?: ReadonlyMap<string, HardwareFacts>,
): RecordTable {
  const rows = joinHardware(table.rows, catalogue, measured);
  const added = [...hardwareColumns, 'hardware_source'].filter(
    (column) => !table.columns.includes(column) && rows.some((row) => !isAbsent(row, column)),
  );
  return { ...table, rows, columns: [...table.columns, ...added] };
}
