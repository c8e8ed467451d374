import { existsSync } from 'node:fs';
import path from 'node:path';
import { InputError } from '../../base/errors.js';
import type { DatasetEntry } from '../catalogue.js';
import { noDamage } from '../damage.js';
import { readShared } from '../files.js';
import { sharedUint32 } from '../record-store.js';
import type { MemorySamples, StoredSamples } from '../training-set.js';
import { csvCells } from './csv-cells.js';

/** Names of the training file, by format; the first that is there is read. */
export const cnnDailyMailFiles = { jsonLines: 'train.jsonl', csv: 'train.csv' } as const;

const newline = 0x0a;
const quote = 0x22;
const sides = ['article', 'highlights'] as const;

/**
 * CNN/DailyMail 3.0.0: `train.jsonl` with an object {article, highlights, id} a line, or `train.csv` with these columns in
 * any order, whose quoted cells may run over several lines. A record is a line or a CSV row as it stands; it is parsed when
 * the sample is prepared, so that opening the set takes no longer than reading its 1.3 GB.
 */
export function readCnnDailyMail(entry: DatasetEntry, folder: string): StoredSamples {
  const candidates = Object.values(cnnDailyMailFiles).map((name) => path.join(folder, name));
  const file = candidates.find((candidate) => existsSync(candidate));
  if (!file) throw new InputError(`Neither ${candidates.join(' nor ')} is there: get one from ${entry.source}.`);
  const records = readShared(file);
  const isCsv = path.extname(file) === '.csv';
  const { starts, lines } = isCsv ? csvRows(records) : filledLines(records);
  if (isCsv && starts.length > 0) {
    // The first row is the header.
    starts.shift();
    lines.shift();
  }
  const content: MemorySamples = {
    stored: 'memory',
    paths: [file],
    records,
    offsets: sharedUint32([...starts, records.length]),
    lines: sharedUint32(lines),
  };
  return { samples: starts.length, labels: null, content, bytes: records.length, damage: noDamage() };
}

/** How the texts of a record are had: `[article, highlights]`. Throws InputError where a CSV's header lacks one. */
export function cnnDailyMailTexts(content: MemorySamples): (record: string) => string[] {
  return path.extname(content.paths[0]!) === '.csv' ? csvTexts(content) : jsonTexts;
}

function jsonTexts(record: string): string[] {
  const article = JSON.parse(record) as Record<string, unknown> | null;
  return sides.map((side) => {
    const text = article?.[side];
    if (typeof text !== 'string') throw new Error(`it has no text '${side}'`);
    return text;
  });
}

function csvTexts(content: MemorySamples): (record: string) => string[] {
  const header = csvCells(new TextDecoder().decode(content.records.slice(0, content.offsets[0])));
  const columns = sides.map((side) => header.indexOf(side));
  if (columns.includes(-1)) {
    throw new InputError(`${content.paths[0]} has the columns ${header.join(', ')}, not ${sides.join(' and ')}.`);
  }
  return (record) => {
    const cells = csvCells(record);
    if (cells.length !== header.length) throw new Error(`it has ${cells.length} cells instead of ${header.length}`);
    return columns.map((column) => cells[column]!);
  };
}

interface Starts {
  /** Offsets of the records' first bytes. */
  starts: number[];
  /** Their lines, from 1. */
  lines: number[];
}

/** Lines that are not empty; an empty one counts as the end of the line before. */
function filledLines(bytes: Uint8Array): Starts {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const found: Starts = { starts: [], lines: [] };
  for (let start = 0, line = 1; start < view.length; line++) {
    const end = view.indexOf(newline, start);
    const after = end < 0 ? view.length : end + 1;
    if (after - start > 2) {
      found.starts.push(start);
      found.lines.push(line);
    }
    start = after;
  }
  return found;
}

/** Rows end at newlines outside quotes. */
function csvRows(bytes: Uint8Array): Starts {
  const found: Starts = { starts: [], lines: [] };
  let quoted = false;
  let line = 1;
  let start = 0;
  let startLine = 1;
  const end = (after: number) => {
    if (after - start > 2) {
      found.starts.push(start);
      found.lines.push(startLine);
    }
    start = after;
    startLine = line;
  };
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === quote) quoted = !quoted;
    else if (byte === newline) {
      line++;
      if (!quoted) end(at + 1);
    }
  }
  if (start < bytes.length) end(bytes.length);
  return found;
}
