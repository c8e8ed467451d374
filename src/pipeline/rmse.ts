import type { Family } from '../base/columns.js';
import type { OnNote, OnProgress } from '../base/progress.js';
import { resultHeader } from '../base/provenance.js';
import type { FamilyTables } from '../base/tables.js';
import { requiredColumns } from '../evaluate/held-out.js';
import { crossValidate } from '../evaluate/rmse.js';
import { parseBoosterOptions } from '../model/booster-options.js';
import { readCatalogue } from '../records/catalogue.js';
import { withHardware } from '../records/hardware.js';
import { readRecords } from '../records/read.js';
import type { OutputFolder } from './output-folder.js';
import { writeTables } from './tables.js';

export interface RmseOptions {
  family: Family;
  files: readonly string[];
  folds: number;
  /** Of the shuffle of the folds. */
  seed: number;
  /** `key=value,...` by XGBoost's names; the published hyper-parameters where absent. */
  booster?: string | undefined;
  /** Rows with an emulated accelerator too, which are left out otherwise. */
  includeEmulated?: boolean | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: OnProgress | undefined;
  onNote?: OnNote | undefined;
}

/** K-fold RMSE of a family's records; writes the tables, the predictions and `rmse_<family>.json`. */
export async function rmse(out: OutputFolder, options: RmseOptions): Promise<FamilyTables> {
  const { family, folds, seed, includeEmulated, onProgress, onNote, signal } = options;
  const booster = parseBoosterOptions(options.booster ?? '');
  const table = await readRecords(options.files, { family, required: requiredColumns, includeEmulated });
  if (table.ignored > 0) onNote?.(`${table.ignored} records are not ok and were left out.`);
  if (table.emulated > 0) {
    onNote?.(
      `${table.emulated} records have an emulated accelerator and were left out: --include-emulated takes them too.`,
    );
  }
  const joined = withHardware(table, readCatalogue());
  const tables = await crossValidate(joined, family, {
    booster,
    folds,
    seed,
    ...(signal ? { signal } : {}),
    onProgress: ({ done, total }) => onProgress?.({ stage: `rmse ${family}`, done, total }),
  });
  await writeTables(out, tables);
  const { rows } = joined;
  const synthetic = rows.filter((row) => row.data === 'synthetic').length;
  const emulated = rows.filter((row) => row.timing === 'emulated').length;
  const obtained = {
    overall: `out-of-fold predictions of ${folds}-fold cross-validation (shuffled, seed ${seed}) over ${rows.length} records`,
    configurations: 'the same predictions by model, vcpu and storage',
    records: `${synthetic} of ${rows.length} on synthetic data, ${emulated} with an emulated accelerator`,
  };
  const { predictions: _inTheirOwnFile, ...summary } = tables;
  out.writeJson(`rmse_${family}.json`, resultHeader(obtained), {
    ...summary,
    booster,
    files: options.files,
    ignored_records: table.ignored,
    emulated_records_left_out: table.emulated,
  });
  return tables;
}
