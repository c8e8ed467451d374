import { hardwareColumns, type Row } from '../base/columns.js';
import { type CatalogueEntry, cardFinder } from './catalogue.js';
import { requireHardware } from './hardware.js';

/** Columns that the predictor takes from a data sheet beyond the hardware columns of a record; null where none says. */
export interface DataSheetFacts {
  /** Matrix products in float32 and float16, GFLOP/s. */
  FP32_matrix: number | null;
  FP16_matrix: number | null;
  'L2 (MB)': number | null;
  'TDP (W)': number | null;
}

const dataSheetColumns = ['FP32_matrix', 'FP16_matrix', 'L2 (MB)', 'TDP (W)'] as const;

/**
 * What the data sheet of a card says.
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

/** Adds the columns of `DataSheetFacts` that the row lacks. */
function fill(row: Row, card: CatalogueEntry): Row {
  const facts = dataSheetOf(card, typeof row.SM === 'number' ? row.SM : null);
  for (const column of dataSheetColumns) row[column] ??= facts[column];
  return row;
}

/**
 * Rows with the columns of `DataSheetFacts` filled by `gpu_name` where they lack them; rows of unknown devices stay as they
 * are. The given rows are left alone.
 */
export function withDataSheets(rows: readonly Row[], catalogue: readonly CatalogueEntry[]): Row[] {
  const cardNamed = cardFinder(catalogue);
  return rows.map((row) => {
    const card = cardNamed(String(row.gpu_name ?? ''));
    return card ? fill({ ...row }, card) : row;
  });
}

/**
 * A function that fills hardware columns and those of `DataSheetFacts` in the rows themselves: a million rows take their
 * time to copy. It is given the rows of a table in order, all or batch by batch. Errors as `joinHardware`.
 */
export function deviceDescriber(catalogue: readonly CatalogueEntry[]): (rows: Row[]) => Row[] {
  const cardNamed = cardFinder(catalogue);
  let described = 0;
  return (rows) => {
    for (const row of rows) {
      const card = cardNamed(String(row.gpu_name ?? ''));
      if (card) {
        for (const column of hardwareColumns) row[column] ??= card.hardware[column] ?? null;
        fill(row, card);
      } else {
        requireHardware(row, described, catalogue);
      }
      described++;
    }
    return rows;
  };
}
