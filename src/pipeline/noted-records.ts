import type { OnNote } from '../base/progress.js';
import { type ReadOptions, type RecordTable, readRecords } from '../records/read.js';

/** As `readRecords`; notes how many records were left out, and why. */
export async function readNotedRecords(
  files: readonly string[],
  options: ReadOptions,
  onNote: OnNote | undefined,
): Promise<RecordTable> {
  const table = await readRecords(files, options);
  if (table.ignored > 0) onNote?.(`${table.ignored} records are not ok and were left out.`);
  if (table.emulated > 0) {
    onNote?.(
      `${table.emulated} records have an emulated accelerator and were left out: --include-emulated takes them too.`,
    );
  }
  return table;
}
