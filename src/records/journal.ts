import { type FileHandle, open } from 'node:fs/promises';
import type { Family, Row } from '../base/columns.js';
import { InputError, messageOf } from '../base/errors.js';
import { nativeStatus } from '../base/native.js';
import { type JournalContents, type JournalEntry, lineOf, mayBeginJournal, readLines } from './journal-lines.js';
import { writeFailure } from './replace-file.js';

export type { JournalEntry } from './journal-lines.js';

/**
 * `trials.jsonl`: one line per finished trial, on the device before `append` returns, so that an interrupted sweep can
 * go on where it stopped. One writer at a time: the file is locked while it is open.
 */
export class Journal {
  readonly file: string;
  /** Lines, from 1, that are no trials because something else damaged them. They stay as they are. */
  readonly damagedLines: readonly number[];
  /** Why a second process is not kept from writing; null where it is. */
  readonly lockProblem: string | null;
  readonly #handle: FileHandle;
  readonly #entries: Map<string, JournalEntry>;
  /** Length of the complete lines. */
  #bytes: number;

  private constructor(file: string, handle: FileHandle, contents: JournalContents, lockProblem: string | null) {
    this.file = file;
    this.damagedLines = contents.damagedLines;
    this.lockProblem = lockProblem;
    this.#handle = handle;
    this.#bytes = contents.bytes;
    this.#entries = new Map(contents.entries.map((entry) => [entry.record_id, entry]));
  }

  /**
   * Opens a journal, or starts one. A torn last line (the program was killed while writing) is cut off.
   * Throws InputError if the file cannot be written (code IO), somebody else writes it, or it is no journal.
   */
  static async open(file: string): Promise<Journal> {
    let handle: FileHandle;
    try {
      handle = await open(file, 'a+');
    } catch (error) {
      throw writeFailure(file, error);
    }
    try {
      const lockProblem = lock(file, handle);
      const raw = await handle.readFile();
      const contents = readLines(raw);
      if (contents.entries.length === 0 && !mayBeginJournal(raw)) {
        throw new InputError(
          `${file} is not a journal of this program: move it away, or choose another folder with --out.`,
        );
      }
      if (contents.bytes < raw.length) await handle.truncate(contents.bytes);
      return new Journal(file, handle, contents, lockProblem);
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
    const line = lineOf(entry);
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

/**
 * Locks the file for as long as it is open: the kernel gives the lock back however the process ends. Returns why that
 * cannot be done here, or null. Throws InputError where another process has it.
 */
function lock(file: string, handle: FileHandle): string | null {
  const { addon, reason } = nativeStatus();
  if (!addon) return reason;
  let locked: boolean;
  try {
    locked = addon.files.lock(handle.fd);
  } catch (error) {
    return messageOf(error);
  }
  if (locked) return null;
  throw new InputError(
    `${file} is in use by another process that adds trials to it: wait for its end, or choose another folder with --out.`,
    { code: 'IO' },
  );
}
