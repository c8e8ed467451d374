import type { Row } from '../base/columns.js';
import { type CatalogueEntry, findCard } from './catalogue.js';

/** Columns that the predictor takes from a data sheet beyond the hardware columns of a record; null where none says. */
export interface DataSheetFacts {
  /** Matrix products in float32 and float16, GFLOP/s. */
  FP32_matrix: number | null;
  FP16_matrix: number | null;
  'L2 (MB)': number | null;
  'TDP (W)': number | null;
}

/**
 * @param multiprocessors that the row used: a share of the board gets its share of the power
 */
export function dataSheetOf(card: CatalogueEntry, multiprocessors: number | null = null): DataSheetFacts {
  const share = multiprocessors === null ? 1 : Math.min(multiprocessors / Number(card.hardware.SM), 1);
  return {
    FP32_matrix: card.matrix.FP32,
    FP16_matrix: card.matrix.FP16,
    'L2 (MB)': card.L2_MB,
    'TDP (W)': card.TDP_W === null ? null : card.TDP_W * share,
  };
}

/** Fills the columns of `DataSheetFacts` by `gpu_name` where a row lacks them; rows of unknown devices stay as they are. */
export function withDataSheets(rows: readonly Row[], catalogue: readonly CatalogueEntry[]): Row[] {
  const cards = new Map<string, CatalogueEntry | undefined>();
  return rows.map((row) => {
    const name = String(row.gpu_name ?? '');
    if (!cards.has(name)) cards.set(name, findCard(catalogue, name));
    const card = cards.get(name);
    if (!card) return row;
    const filled: Row = { ...row };
    for (const [column, value] of Object.entries(dataSheetOf(card, typeof row.SM === 'number' ? row.SM : null))) {
      filled[column] ??= value;
    }
    return filled;
  });
}
