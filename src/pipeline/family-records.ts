import { columnsOf, type Family, type Row } from '../base/columns.js';
import type { TrialDevice } from '../measure/trial/settings.js';
import type { Journal } from '../records/journal.js';
import { removeLeftovers } from '../records/replace-file.js';
import { writeRecords } from '../records/write.js';
import type { OutputFolder } from './output-folder.js';
import { recordsFileName } from './records-files.js';

/** The CSV of one family on one device, derived from the journal. */
export class FamilyRecords {
  readonly file: string;
  readonly #family: Family;
  readonly #device: TrialDevice;
  readonly #journal: Journal;
  readonly #columns: string[];

  constructor(out: OutputFolder, family: Family, device: TrialDevice, journal: Journal) {
    this.file = out.file(recordsFileName(family, device));
    this.#family = family;
    this.#device = device;
    this.#journal = journal;
    this.#columns = columnsOf(family).map(({ name }) => name);
  }

  /** Clears what a killed sweep left and writes the file: one that cannot be written is known before the first trial. */
  async begin(): Promise<void> {
    if (this.#journal.lockProblem === null) await removeLeftovers(this.file);
    await this.write();
  }

  /** All of them, or those with these ids. */
  rows(ids?: ReadonlySet<string>): Row[] {
    return this.#journal
      .rowsOf(this.#family)
      .filter((row) => row.gpu_name === this.#device.name && (row.timing === 'emulated') === !!this.#device.emulated)
      .filter((row) => !ids || ids.has(String(row.record_id)));
  }

  async write(): Promise<void> {
    await writeRecords(this.file, this.#columns, this.rows());
  }
}
