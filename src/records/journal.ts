import { type FileHandle, open } from 'node:fs/promises';
import type { Family, Row } from '../base/columns.js';
import { InputError } from '../base/errors.js';
import { writeFailure } from './replace-file.js';

/** One finished trial: what the CSV row is derived from. */
export interface JournalEntry {
  /** Identifies the trial; of two lines with the same id the later one counts. */
  record_id: string;
  family: Family;
  row: Row;
  /** Raw samples of the measured window by name, e.g. `total_ms`, one value per iteration. */
  samples: Readonly<Record<string, readonly number[]>>;
}

const newline = 0x0a;

function parseLine(text: string): JournalEntry | undefined {
  try {
    const entry = JSON.parse(text) as Partial<JournalEntry> | null;
    return typeof entry?.record_id === 'string' && entry.row ? (entry as JournalEntry) : undefined;
  } catch {
    return undefined;
  }
}

/** Entries of the complete lines, and how many bytes they take. The last line may be torn, an earlier one may not. */
function readEntries(file: string, contents: Buffer): { entries: JournalEntry[]; bytes: number } {
  const entries: JournalEntry[] = [];
  let start = 0;
  for (;;) {
    const end = contents.indexOf(newline, start);
    if (end < 0) return { entries, bytes: start };
    const entry = parseLine(contents.toString('utf8', start, end));
    if (!entry) {
      if (end === contents.length - 1) return { entries, bytes: start };
      throw new InputError(
        `${file}, line ${entries.length + 1}: not a trial of this program; remove the line, or start in another folder.`,
      );
    }
    entries.push(entry);
    start = end + 1;
  }
}

/**
 * `trials.jsonl`: one line per finished trial, on the device before `append` returns, so that an interrupted sweep can
 * go on where it stopped. One writer at a time.
 */
export class Journal {
  readonly file: string;
  readonly #handle: FileHandle;
  readonly #entries: Map<string, JournalEntry>;
  /** Length of the complete lines. */
  #bytes: number;

  private constructor(file: string, handle: FileHandle, entries: JournalEntry[], bytes: number) {
    this.file = file;
    this.#handle = handle;
    this.#bytes = bytes;
    this.#entries = new Map(entries.map((entry) => [entry.record_id, entry]));
  }

  /**
   * Opens a journal, or starts one. A torn last line (the program was killed while writing) is cut off.
   * Throws InputError if the file cannot be written (code IO) or an earlier line is damaged.
   */
  static async open(file: string): Promise<Journal> {
    let handle: FileHandle;
    try {
      handle = await open(file, 'a+');
    } catch (error) {
      throw writeFailure(file, error);
    }
    try {
      const contents = await handle.readFile();
      const { entries, bytes } = readEntries(file, contents);
      if (bytes < contents.length) await handle.truncate(bytes);
      return new Journal(file, handle, entries, bytes);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** Trials in the journal, whatever their status, in the order in which they were first written. */
  get entries(): JournalEntry[] {
    return [...this.#entries.values()];
  }

  /** Ids of the trials that need not run again. */
  get finishedIds(): ReadonlySet<string> {
    return new Set(this.#entries.keys());
  }

  /** Rows of one family, for its CSV. */
  rowsOf(family: Family): Row[] {
    return this.entries.filter((entry) => entry.family === family).map((entry) => entry.row);
  }

  /** Adds a trial and flushes it to the device. Throws InputError (code IO) if that fails. */
  async append(entry: JournalEntry): Promise<void> {
    const line = Buffer.from(`${JSON.stringify(entry)}\n`);
    try {
      await this.#handle.appendFile(line);
      await this.#handle.datasync();
    } catch (error) {
      // half a line on a full disk must not swallow the next one
      await this.#handle.truncate(this.#bytes).catch(() => undefined);
      throw writeFailure(this.file, error);
    }
    this.#bytes += line.length;
    this.#entries.set(entry.record_id, entry);
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}
