import type { Family, Row } from '../base/columns.js';

/** One finished trial: what the CSV row is derived from. */
export interface JournalEntry {
  /** Identifies the trial; of two lines with the same id the later one counts. */
  record_id: string;
  family: Family;
  row: Row;
  /** Raw samples of the measured window by name, e.g. `total_ms`, one value per iteration. */
  samples: Readonly<Record<string, readonly number[]>>;
}

export interface JournalContents {
  entries: JournalEntry[];
  /** Lines, from 1, that are no trials. */
  damagedLines: number[];
  /** Length without a torn last line. */
  bytes: number;
}

const newline = 0x0a;
/** How a line begins, as far as it was written. */
const opening = Buffer.from('{"record_id":');

export function lineOf({ record_id, family, row, samples }: JournalEntry): Buffer {
  return Buffer.from(`${JSON.stringify({ record_id, family, row, samples })}\n`);
}

function parseLine(text: string): JournalEntry | undefined {
  try {
    const entry = JSON.parse(text) as Partial<JournalEntry> | null;
    return typeof entry?.record_id === 'string' && entry.row ? (entry as JournalEntry) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * What a journal holds. A last line that is no trial is torn: the program or the machine stopped while it was written,
 * and its end may be there without its beginning.
 */
export function readLines(contents: Buffer): JournalContents {
  const entries: JournalEntry[] = [];
  const damagedLines: number[] = [];
  let start = 0;
  for (let line = 1; ; line++) {
    const end = contents.indexOf(newline, start);
    if (end < 0) return { entries, damagedLines, bytes: start };
    const entry = parseLine(contents.toString('utf8', start, end));
    if (entry) entries.push(entry);
    else if (end === contents.length - 1) return { entries, damagedLines, bytes: start };
    else damagedLines.push(line);
    start = end + 1;
  }
}

/** Whether contents without a whole trial may be a journal's: empty, the torn line of its first trial, or never written. */
export function mayBeginJournal(contents: Buffer): boolean {
  const begun = contents.subarray(0, opening.length);
  return begun.equals(opening.subarray(0, begun.length)) || begun.every((byte) => byte === 0);
}
